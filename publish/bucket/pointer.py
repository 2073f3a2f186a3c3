"""The one small object that says which edition of a place stands: read, and moved in one step.

Where the store honours conditional writes (`If-Match`, `If-None-Match`), of two publishers that move it at once exactly
one succeeds. Where it does not, it is looked at right before the write and read back after it: whoever finds another
one has lost and says so; two that write within the same moment may both believe the later one.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jiheng.files import canonical_json
from publish.bucket.store import BucketError, content, is_seen_while_written

if TYPE_CHECKING:
    from upath import UPath

POINTER_NAME = "current.json"
# What a store answers when the condition of a write does not hold, or another such write is under way.
CONDITION_FAILED = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})


class PointerMoved(BucketError):
    """Another publisher moved the pointer meanwhile; nothing was overwritten."""


@dataclass(frozen=True)
class Pointer:
    """Which edition stands: its id, its manifest's hash, when it was pointed at, and how many moves there were."""

    edition_id: str
    manifest_sha256: str
    at: str
    sequence: int
    mark: str
    etag: str = ""

    def names(self, edition_id: str, manifest_sha256: str) -> bool:
        """Whether it is this very edition that stands."""
        return (self.edition_id, self.manifest_sha256) == (edition_id, manifest_sha256)


def read(place: UPath) -> Pointer | None:
    """The pointer as it is now; None where there is none. Raises BucketError for one that cannot be read."""
    path = place / POINTER_NAME
    # The mark of the state comes first: when the object changes in between, the condition of our write fails.
    etag = _etag(path)
    written = content(path)
    if written is None:
        return None
    try:
        facts = json.loads(written)
        names = ("edition_id", "manifest_sha256", "at", "sequence", "mark")
        return Pointer(**{name: facts[name] for name in names}, etag=etag)
    except (ValueError, KeyError, TypeError) as error:
        raise BucketError(f"{path} 无法读取，请核对或删除后重新发送 · it cannot be read: {error}") from error


def move(place: UPath, before: Pointer | None, edition_id: str, manifest_sha256: str) -> Pointer:
    """Point at an edition, given what the pointer was when its sending began. Raises PointerMoved if it is another."""
    _expect(place, before)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    sequence = (before.sequence if before else 0) + 1
    pointer = Pointer(edition_id, manifest_sha256, at, sequence, mark=secrets.token_hex(8))
    facts = {name: value for name, value in asdict(pointer).items() if name != "etag"}
    _put(place, (canonical_json(facts) + "\n").encode(), before)
    standing = read(place)
    if standing is None or standing.mark != pointer.mark:
        raise _moved(place, standing)
    return standing


def _expect(place: UPath, before: Pointer | None) -> None:
    now = read(place)
    if (now.mark if now else None) != (before.mark if before else None):
        raise _moved(place, now)


def _moved(place: UPath, now: Pointer | None) -> PointerMoved:
    which = f"{now.edition_id}（{now.at}）" if now else "无 nothing"
    return PointerMoved(
        f"另一处发布已把 {place} 指向 {which}，本次没有改动；请核对后执行 jiheng publish --send"
        " · another publisher has moved the pointer; nothing was overwritten. Look, then send again"
    )


def _etag(path: UPath) -> str:
    path.fs.invalidate_cache()
    try:
        return str(path.fs.info(path.path).get("ETag") or "")
    except FileNotFoundError:
        return ""


def _put(place: UPath, written: bytes, before: Pointer | None) -> None:
    """Write the pointer in one visible step, on condition that nobody else has, where the store can tell."""
    path = place / POINTER_NAME
    if hasattr(path.fs, "call_s3"):
        _put_on_condition(path, written, before)
    elif is_seen_while_written(place):
        beside = place / f".{POINTER_NAME}.{secrets.token_hex(4)}"
        path.fs.makedirs(place.path, exist_ok=True)
        path.fs.pipe_file(beside.path, written)
        path.fs.mv(beside.path, path.path)
    else:
        path.fs.pipe_file(path.path, written)


def _put_on_condition(path: UPath, written: bytes, before: Pointer | None) -> None:
    bucket, key, _ = path.fs.split_path(path.path)
    condition: dict[str, Any] = {"IfMatch": before.etag} if before else {"IfNoneMatch": "*"}
    try:
        path.fs.call_s3("put_object", Bucket=bucket, Key=key, Body=written, ContentType="application/json", **condition)
    except OSError as error:
        if CONDITION_FAILED.isdisjoint(_codes(error)):
            raise
        raise _moved(path.parent, read(path.parent)) from error


def _codes(error: BaseException | None) -> set[str]:
    """The store's own codes of an error, which s3fs keeps as its cause."""
    codes: set[str] = set()
    while error is not None:
        answer = getattr(error, "response", None) or {}
        codes |= {
            str(answer.get("Error", {}).get("Code")),
            str(answer.get("ResponseMetadata", {}).get("HTTPStatusCode")),
        }
        error = error.__cause__
    return codes
