"""The signature of a manifest, in the format of minisign: who holds the public key can tell whose edition it is.

Optional. `JIHENG_SIGNING_KEY` names the secret key's file, which nobody but its owner may read; a key with a password
needs `JIHENG_SIGNING_PASSWORD_FILE`. `minisign -Vm manifest.json -p minisign.pub` checks a signature without Jiheng.
"""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path

import minisign

from jiheng.files import write_bytes
from jiheng.settings import Settings

MANIFEST_NAME = "manifest.json"
SIGNATURE_NAME = f"{MANIFEST_NAME}.minisig"
SECRET_NAME, PUBLIC_NAME = "minisign.key", "minisign.pub"
# The one line that a signature does not cover: it always says the same, so that a change of it is seen too.
UNTRUSTED_COMMENT = "signature of an edition of Jiheng"


class SigningError(RuntimeError):
    """A key or a signature that cannot be used; the message says which, why, and how to mend it."""


def sign(edition: Path) -> None:
    """Write `manifest.json.minisig` when a key is configured. Raises SigningError when that key cannot be used.

    The trusted comment holds the edition's id and data time, so that a signature cannot be shown for another edition.
    """
    settings = Settings.from_environment()
    if settings.signing_key is None:
        return
    path = edition / MANIFEST_NAME
    facts = json.loads(path.read_bytes())
    comment = f"edition {facts['edition_id']} as-of {facts['as_of']}"
    with _secret(settings.signing_key, settings.signing_password_file) as key:
        made = key.sign(path.read_bytes(), untrusted_comment=UNTRUSTED_COMMENT, trusted_comment=comment)
        public = key.get_public_key()
    try:
        public.verify(path.read_bytes(), made)
    except minisign.Error as error:
        raise SigningError(
            f"签名密钥 {settings.signing_key} 已损坏，请从备份恢复 · the key is damaged, restore it from its backup"
        ) from error
    write_bytes(edition / SIGNATURE_NAME, bytes(made) + b"\n")
    if settings.public_key is not None:
        try:
            verified(path, edition / SIGNATURE_NAME, settings.public_key)
        except SigningError:
            (edition / SIGNATURE_NAME).unlink()
            raise


def publish_key(editions: Path) -> None:
    """Lay the public key beside the editions when one signs: as `minisign.pub`, and under its own id, so that old
    signatures can be checked after a change of keys.
    """
    settings = Settings.from_environment()
    if settings.signing_key is None:
        return
    with _secret(settings.signing_key, settings.signing_password_file) as key:
        content = bytes(key.get_public_key()) + b"\n"
    for name in (f"minisign-{_key_id(content)}.pub", PUBLIC_NAME):
        path = editions / name
        if not path.exists() or path.read_bytes() != content:
            write_bytes(path, content)


def usable_key(path: Path, password: Path | None) -> str:
    """The id of a secret key that can be used. Raises SigningError when it cannot."""
    with _secret(path, password) as key:
        return _key_id(bytes(key.get_public_key()))


def key_beside(edition: Path) -> Path | None:
    """The public key beside an edition that its signature names, if it is there."""
    folder = edition.resolve().parent
    names = (f"minisign-{_key_id((edition / SIGNATURE_NAME).read_bytes())}.pub", PUBLIC_NAME)
    return next((folder / name for name in names if (folder / name).exists()), None)


def verified(manifest: Path, signature: Path, public_key: Path) -> str:
    """The trusted comment of a signature that fits. Raises SigningError when it does not, or cannot be read."""
    try:
        key = minisign.PublicKey.from_file(public_key)
    except (OSError, minisign.Error) as error:
        raise SigningError(f"公钥 {public_key} 无法读取 the public key cannot be read: {error}") from error
    try:
        written = signature.read_bytes()
        made = minisign.Signature.from_bytes(written)
        key.verify(manifest.read_bytes(), made)
    except (OSError, minisign.Error) as error:
        raise SigningError(
            f"签名与清单不符 the signature does not fit: {error}（公钥 public key {public_key}）"
        ) from error
    if made.untrusted_comment != UNTRUSTED_COMMENT or written != bytes(made) + b"\n":
        raise SigningError("签名文件的写法被改动 the signature is not written as the program writes it")
    return str(made.trusted_comment)


def new_keys(folder: Path, password: str | None = None) -> tuple[Path, Path]:
    """Make a pair of keys: the secret one for its owner alone, the public one to hand out; gives their paths.

    Raises SigningError when there are keys already: a key that is lost cannot be made again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    secret, public = folder / SECRET_NAME, folder / PUBLIC_NAME
    if there := next((path for path in (secret, public) if path.exists()), None):
        raise SigningError(
            f"{there} 已存在，不覆盖；请换一个目录 · it exists and is not overwritten; name another folder"
        )
    pair = minisign.KeyPair.generate()
    content = bytes(pair.public_key) + b"\n"
    if password:
        pair.secret_key.encrypt(password)
    handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(handle, "wb") as stream:
        stream.write(bytes(pair.secret_key) + b"\n")
    write_bytes(public, content)
    return secret, public


def read_password(path: Path) -> str:
    """The password in a file: its first line. Raises SigningError when others may read it, or there is none."""
    _only_ours(path)
    password = path.read_text(encoding="utf-8").split("\n")[0].rstrip("\r")
    if not password:
        raise SigningError(f"{path} 是空的，第一行应为密码 · it is empty; its first line is the password")
    return password


def _secret(path: Path, password: Path | None) -> minisign.SecretKey:
    """The secret key, ready to sign."""
    _only_ours(path)
    try:
        key = minisign.SecretKey.from_file(path)
        if key.is_encrypted():
            if password is None:
                raise SigningError(
                    f"签名密钥 {path} 有密码，请用 JIHENG_SIGNING_PASSWORD_FILE 指明密码文件"
                    " · the key has a password; name its file"
                )
            key.decrypt(read_password(password))
    except minisign.Error as error:
        raise SigningError(f"签名密钥 {path} 无法使用 the signing key cannot be used: {error}") from error
    return key


def _only_ours(path: Path) -> None:
    """Raise SigningError unless the file is there and for its owner's eyes only."""
    try:
        mode = path.stat().st_mode
        path.open("rb").close()
    except OSError as error:
        raise SigningError(f"{path} 无法读取 cannot be read: {error.strerror}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SigningError(f"{path} 别人也能读，请执行 chmod 600 · others may read it; run chmod 600")


def _key_id(written: bytes) -> str:
    """The id of the key in a public key or a signature, as minisign shows it; empty when it cannot be read."""
    try:
        return base64.b64decode(written.splitlines()[1])[2:10][::-1].hex().upper()
    except (ValueError, IndexError):
        return ""
