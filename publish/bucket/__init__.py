"""Published editions in an object store as well: `<place>/<edition_id>/...`, and one small object that points at one.

    follow: copy what `current` names -> point `current.json` at it -> remove what was retired

A place is any address that fsspec knows (`s3://bucket/prefix`, a folder). The local edition is the published one; the
place follows it. What fails there is recorded and done again by the next night or `jiheng publish --send`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiheng.files import alone, sha256_of_file
from publish import editions as local
from publish.bucket.copying import NotTheSameError, copy
from publish.bucket.pointer import Pointer, PointerMoved, move, read
from publish.bucket.store import BucketError, in_words, listed, removed, sha256_of_object

if TYPE_CHECKING:
    from upath import UPath

__all__ = [
    "BucketError",
    "Followed",
    "NotTheSameError",
    "Pointer",
    "PointerMoved",
    "follow",
    "point_to",
    "read",
    "remove",
    "send",
    "there",
]

# How often what moved here or there meanwhile is looked at again.
TRIES = 3


@dataclass(frozen=True)
class Followed:
    """What came of bringing a place to where `current` stands: sent, unchanged, failed, or nothing to send."""

    outcome: str
    edition_id: str | None = None
    words: str = ""


def follow(place: UPath, editions: Path, look_at_all: bool = False) -> Followed:
    """Bring a place to where the local pointer stands, and remove there what was retired here.

    An edition that is pointed at already is compared object by object only when asked to `look_at_all`.

    Whatever the store does wrong is recorded as `mirror_failed` and told in words, never raised: the local edition
    stands. A pointer that moves meanwhile, here by an undo or there by another publisher, is looked at again.
    """
    standing = local.current(editions)
    if standing is None:
        return Followed("nothing")
    try:
        pointer, is_new = _caught_up(place, editions, look_at_all)
        _remove_retired(place, editions)
    except Exception as error:
        words = in_words(place, error)
        _record(editions, {"event": "mirror_failed", "edition_id": standing.name, "place": str(place), "why": words})
        return Followed("failed", standing.name, words)
    if is_new:
        facts = {"edition_id": pointer.edition_id, "place": str(place), "sequence": pointer.sequence}
        _record(editions, {"event": "mirror", **facts})
    return Followed("sent" if is_new else "unchanged", pointer.edition_id)


def _caught_up(place: UPath, editions: Path, look_at_all: bool) -> tuple[Pointer, bool]:
    """Send until what was sent still is the current edition here."""
    for _ in range(TRIES):
        standing = local.current(editions)
        if standing is None:
            break
        is_standing = partial(_is_standing, editions, standing)
        try:
            return send(place, standing, is_standing, look_at_all)
        except PointerMoved:
            if is_standing():
                raise
    raise PointerMoved("当前一期在发送时一再变动 the current edition kept moving while it was sent; send again")


def _is_standing(editions: Path, edition: Path) -> bool:
    return local.current(editions) == edition


def send(
    place: UPath, edition: Path, is_wanted: Callable[[], bool] = lambda: True, look_at_all: bool = True
) -> tuple[Pointer, bool]:
    """Copy one published edition to a place and point at it there; says whether the pointer has moved.

    Nothing is seen of the edition before it is complete. `is_wanted` is asked again when all is copied. Raises
    PointerMoved when another publisher moved the pointer meanwhile or the edition is not wanted any more,
    NotTheSameError when the place has another edition under this id, and whatever the store raises.
    """
    before = read(place)
    stands = before is not None and before.names(edition.name, _hash(edition))
    if look_at_all or not (stands and _is_there(place, edition.name, _hash(edition))):
        copy(place, edition)
    if not is_wanted():
        raise PointerMoved(f"{edition.name} 已不是当前一期 is no longer the current edition")
    return _moved(place, edition.name, _hash(edition), before)


def point_to(place: UPath, edition_id: str, manifest_sha256: str) -> Pointer:
    """Point at an edition that is there already: an undo. Raises BucketError when it is not there as published."""
    return _moved(place, edition_id, manifest_sha256, read(place))[0]


def _moved(place: UPath, edition_id: str, manifest_sha256: str, before: Pointer | None) -> tuple[Pointer, bool]:
    """Move the pointer unless it names the edition already; says whether it has moved."""
    if not _is_there(place, edition_id, manifest_sha256):
        raise BucketError(
            f"{place / edition_id} 不完整或不是所发布的 is not there as published; 请重新发送 send it again"
        )
    if before is not None and before.names(edition_id, manifest_sha256):
        return before, False
    return move(place, before, edition_id, manifest_sha256), True


def _is_there(place: UPath, edition_id: str, manifest_sha256: str) -> bool:
    """Whether a place has the manifest of an edition, which is the last object to come there."""
    return sha256_of_object(place / edition_id / local.MANIFEST_NAME) == manifest_sha256


def there(place: UPath) -> list[str]:
    """The editions that are complete in a place, by id."""
    names = listed(place, f"*/{local.MANIFEST_NAME}")
    return sorted(name.partition("/")[0] for name in names)


def remove(place: UPath, edition_id: str) -> None:
    """Remove an edition from a place, its manifest first. Raises BucketError for the one that is pointed at."""
    before = read(place)
    if before is not None and before.edition_id == edition_id:
        raise BucketError(f"{place} 正指向 {edition_id}，不能删除 · it is the one that is published there")
    if not local.SAFE_ID.fullmatch(edition_id):
        raise BucketError(f"{edition_id!r} 不是期号 is no edition's id")
    removed(place / edition_id, first=local.MANIFEST_NAME)


def _remove_retired(place: UPath, editions: Path) -> None:
    """Remove what retention has retired here and is still there: the store may have been away then."""
    retired = {
        str(event["edition_id"])
        for event in local.history(editions)
        if event.get("event") == "retire" and not (editions / str(event["edition_id"])).exists()
    }
    for edition_id in sorted(retired.intersection(there(place)) if retired else ()):
        remove(place, edition_id)


def _hash(edition: Path) -> str:
    return sha256_of_file(edition / local.MANIFEST_NAME)


def _record(editions: Path, event: Mapping[str, Any]) -> None:
    with alone(editions / local.LOCK_NAME):
        local.record(editions, event)
