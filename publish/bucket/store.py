"""What the different stores have in common: fresh listings, hashes of what they hold, and errors in words."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upath import UPath

# Stores whose files are seen while they are being written; there a file is written beside and renamed.
SEEN_WHILE_WRITTEN = frozenset({"file", "local", "sftp", "ssh"})
BLOCK = 1 << 22


class BucketError(RuntimeError):
    """Something that must not happen to a place; the message says why."""


def listed(place: UPath, pattern: str) -> list[str]:
    """Names below a place that match, as the store has them now."""
    place.fs.invalidate_cache()
    root = place.path.rstrip("/")
    return [str(name)[len(root) + 1 :] for name in place.fs.glob(f"{root}/{pattern}")]


def found(place: UPath) -> dict[str, dict[str, Any]]:
    """All objects below a place with what the store says of them, by their name below it."""
    place.fs.invalidate_cache()
    root = place.path.rstrip("/")
    return {str(name)[len(root) + 1 :]: facts for name, facts in place.fs.find(root, detail=True).items()}


def content(path: UPath) -> bytes | None:
    """The bytes of an object, as the store has it now; None when it has none."""
    path.fs.invalidate_cache()
    try:
        return bytes(path.fs.cat_file(path.path))
    except FileNotFoundError:
        return None


def sha256_of_object(path: UPath) -> str | None:
    """SHA-256 of an object that is read back; None when it is not there."""
    digest = hashlib.sha256()
    path.fs.invalidate_cache()
    try:
        with path.fs.open(path.path, "rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def removed(place: UPath, first: str) -> None:
    """Remove all below a place, one object before the others, so that what is left is never taken for whole."""
    names = sorted(found(place), key=lambda name: (name != first, name))
    for part in (names[:1], names[1:]):
        if part:
            place.fs.rm([(place / name).path for name in part])
    if is_seen_while_written(place) and place.fs.exists(place.path):
        place.fs.rm(place.path, recursive=True)  # the empty folders, which an object store does not have
    place.fs.invalidate_cache()


def is_seen_while_written(place: UPath) -> bool:
    """Whether a reader of the store could see half of a file."""
    return bool(SEEN_WHILE_WRITTEN.intersection(_protocols(place)))


def _protocols(place: UPath) -> tuple[str, ...]:
    named = place.fs.protocol
    return (named,) if isinstance(named, str) else tuple(named)


def in_words(place: UPath, error: Exception) -> str:
    """What went wrong with a place, and where to look."""
    if isinstance(error, BucketError):
        return str(error)
    if isinstance(error, ImportError):
        return f"发送到 {place} 需要另装的程序：make object-store · sending there needs an extra: {error}"
    return (
        f"没有发送到 {place}（{type(error).__name__}: {str(error)[:300]}）。本地已发布的不受影响；"
        "请核对地址、网络和访问密钥（AWS_ENDPOINT_URL、AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 或 ~/.aws），"
        "再执行 jiheng publish --send"
        " · not sent; the local edition stands: check address, network, credentials, then send again"
    )
