"""The manifest's signature: whose key it was made with, and whether that key came from a place one can trust."""

from __future__ import annotations

from pathlib import Path

from publish import editions, signing
from publish.verification.checks import Found, Impossible


def signature(edition: Path, public_key: Path | None) -> Found:
    """The signature fits the manifest and names this edition.

    `public_key` is the key that the reader got by a way of their own. Without it a key beside the edition serves, which
    proves that nothing has changed since it was signed, but not by whom: whoever replaces one can replace the other.
    """
    path = edition / signing.SIGNATURE_NAME
    if not path.exists():
        if public_key is not None:
            return Found("", [f"{signing.SIGNATURE_NAME} 缺失 is missing, though a public key is given"])
        raise Impossible("这一期没有签名 this edition is not signed")
    key = public_key or signing.key_beside(edition)
    if key is None:
        raise Impossible("没有公钥可以验证，用 --public-key 给出 there is no public key to check it with")
    comment = signing.verified(edition / editions.MANIFEST_NAME, path, key)
    problems = [] if edition.resolve().name in comment.split() else [f"签名写的是另一期 it was signed as: {comment}"]
    if public_key is not None:
        return Found(f"公钥 key {key}", problems)
    return Found(
        f"只用了旁边的公钥 {key.name}，证明未被改动，不证明出自谁手 a key beside it: whole, but by whom?", problems
    )
