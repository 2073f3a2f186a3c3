"""The acts of publication: an edition is renamed into place and one pointer moves to it, or back.

Nothing here changes a published edition. A crash at any step leaves the last pointer standing. Every act is a line in
the log, and what stands beside the editions is written again from it.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from jiheng.files import UNFINISHED, alone, sha256_of_file, sync_directory, sync_filesystem
from publish import corrections, frontdesk, signing
from publish.editions import (
    LOCK_NAME,
    MANIFEST_NAME,
    POINTER_NAME,
    SAFE_ID,
    PublicationError,
    check_facts,
    current,
    manifest_of,
    verify,
)
from publish.records import history, published_ids, record

HELD = "hold"
# What a publisher that was killed had put into place, but never pointed at: hidden, and kept as long as held editions.
UNRECORDED = ".unrecorded"


@contextmanager
def acting(editions: Path) -> Iterator[None]:
    """Be the only one who publishes, takes back or records; what people see of it is written at the end."""
    with alone(editions / LOCK_NAME):
        yield
        frontdesk.write(editions)


def publish(
    private: Path,
    editions: Path,
    event: Mapping[str, Any] | None = None,
    past: bool = False,
    follows: str | None = None,
) -> str:
    """Make a completed private edition the published one. Returns what became of it: "published" or one of these.

    "unchanged": the same edition id with the same tables is there already; the private one is discarded. The pointer
    moves then only if that edition was never recorded as published, which is what a crash leaves behind. "withdrawn":
    it was published and taken back, and stays back until a person restores it. "overtaken": an edition with newer data
    was published meanwhile, so this one is not needed and discarded, unless `past` says that the past is meant; or the
    edition that stands is not the one that this one `follows` (empty for none). `event` carries further fields for the
    record (who, why). Raises PublicationError for a held gate, a file that differs from
    the manifest, or an edition of the same id with other tables.
    """
    manifest = manifest_of(private)
    edition_id = str(manifest["edition_id"])
    _check_publishable(private, manifest)
    with acting(editions):
        target = editions / edition_id
        _settle(editions, edition_id)
        if target.exists():
            _check_same(target, manifest)
        if (not past and _is_overtaken(editions, manifest["as_of"])) or follows not in (None, _standing(editions)):
            shutil.rmtree(private)
            return "overtaken"
        if target.exists():
            shutil.rmtree(private)
        else:
            _make_read_only(private)
            _move(private, target)
        return _point(target, event or {})


def finish(edition_id: str, editions: Path, as_of: str, event: Mapping[str, Any]) -> str | None:
    """What became of an edition that a publisher has put into place, or found overtaken, before it was killed or run
    again: pointer and record are made up for. None where there is no such edition.
    """
    with acting(editions):
        _settle(editions, edition_id)
        if (editions / edition_id).exists():
            return _point(editions / edition_id, event)
        return "overtaken" if _is_overtaken(editions, as_of) else None


def _point(target: Path, event: Mapping[str, Any]) -> str:
    """Point at an edition that is in its place, unless that was done before; gives what became of it."""
    editions = target.parent
    if _was_published(editions, target.name):
        return "unchanged" if target.name in published_ids(editions) else "withdrawn"
    signing.publish_key(editions)
    corrections.append(editions, target)
    point_to(editions, target.name)
    _record_publication(target, event)
    return "published"


def _settle(editions: Path, edition_id: str | None = None) -> None:
    """Finish what publishers that were killed have left, but for the edition that is to be published now.

    One that readers have seen is put on record; one that nothing ever pointed to is no edition and is hidden. It is not
    removed: where the log was lost, it may be all that is left of what was published.
    """
    standing = current(editions)
    for path in sorted(editions.glob(f"*/{MANIFEST_NAME}")):
        left = path.parent
        if left.is_symlink() or left.name.startswith(".") or left.name == edition_id:
            continue
        if _was_published(editions, left.name):
            continue
        if standing and left.name == standing.name:
            _record_publication(left, {"recovered": True})
        else:
            beside = left.with_name(f".{left.name}{UNRECORDED}")
            shutil.rmtree(beside, ignore_errors=True)
            left.rename(beside)


def _standing(editions: Path) -> str:
    found = current(editions)
    return found.name if found else ""


def _is_overtaken(editions: Path, as_of: str) -> bool:
    standing = current(editions)
    if standing is None:
        return False
    return datetime.fromisoformat(manifest_of(standing)["as_of"]) > datetime.fromisoformat(as_of)


def _record_publication(edition: Path, event: Mapping[str, Any]) -> None:
    digest = sha256_of_file(edition / MANIFEST_NAME)
    said = {"event": "publish", "edition_id": edition.name, "manifest_sha256": digest}
    record(edition.parent, {**said, **event})


def _was_published(editions: Path, edition_id: str) -> bool:
    return any((line.get("event"), line.get("edition_id")) == ("publish", edition_id) for line in history(editions))


def _check_publishable(private: Path, manifest: Mapping[str, Any]) -> None:
    check_facts(manifest)
    if manifest["gate_decision"] == HELD:
        raise PublicationError(f"the gate holds edition {manifest['edition_id']}; the last edition stands")
    problems = verify(private)
    if problems:
        raise PublicationError(f"edition {manifest['edition_id']} is not as completed: {'; '.join(problems[:5])}")


def _check_same(target: Path, manifest: Mapping[str, Any]) -> None:
    there = {name: table["digest"] for name, table in manifest_of(target)["tables"].items()}
    ours = {name: table["digest"] for name, table in manifest["tables"].items()}
    if there != ours:
        names = sorted(name for name in there.keys() | ours.keys() if there.get(name) != ours.get(name))
        raise PublicationError(
            f"edition {target.name} is published already and says otherwise in {', '.join(names)}; "
            "a published edition never changes, so give the new one its own id"
        )


def _make_read_only(edition: Path) -> None:
    for path in edition.rglob("*"):
        if path.is_file():
            path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)


def _move(private: Path, target: Path) -> None:
    """Rename into place; across file systems, copy beside the target first so that it appears whole or not at all."""
    try:
        private.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name}{UNFINISHED}")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(private, beside)
        sync_filesystem(beside)
        beside.rename(target)
        shutil.rmtree(private)
    sync_directory(target.parent)


def point_to(editions: Path, edition_id: str) -> None:
    """Move the pointer `current` in one step. The link is relative, so the directory may be moved or mounted.

    Raises PublicationError when there is no such edition.
    """
    if not SAFE_ID.fullmatch(edition_id) or not (editions / edition_id).is_dir():
        raise PublicationError(f"there is no edition {edition_id} to point to")
    link = editions / f".{POINTER_NAME}.{os.getpid()}{UNFINISHED}"
    link.unlink(missing_ok=True)
    link.symlink_to(edition_id)
    link.replace(editions / POINTER_NAME)
    sync_directory(editions)


def note(editions: Path, event: Mapping[str, Any]) -> None:
    """Put something on record that moves no pointer: a held night, an override, an alarm."""
    with acting(editions):
        record(editions, event)


def rollback(editions: Path, event: Mapping[str, Any] | None = None, to: str | None = None) -> str:
    """Point at the edition published before the current one, or at `to`, record it, and return its id.

    A second rollback goes one further back. `to` may be an edition that was taken back: the undo is undone. `event`
    carries further fields for the record (who, why). Raises PublicationError when there is nothing to go to.
    """
    with acting(editions):
        _settle(editions)
        standing = published_ids(editions)
        earlier = [edition_id for edition_id in standing[:-1] if (editions / edition_id).is_dir()]
        if not earlier and not to:
            raise PublicationError("没有更早的一期可以退回 · there is no earlier edition to go back to")
        target = to or earlier[-1]
        if target in standing[-1:] or not _was_published(editions, target) or not (editions / target).is_dir():
            listed = "、".join(reversed(earlier))
            raise PublicationError(f"不能退回到 {target}，可以退回的是 · one can go back to: {listed}")
        point_to(editions, target)
        act = "rollback" if target in earlier else "restore"
        record(editions, {"event": act, "from": standing[-1], "edition_id": target, **(event or {})})
        return target
