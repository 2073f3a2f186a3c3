"""The act of publication: an edition is completed in private, renamed into place, and one pointer moves to it.

    begin -> (site, workbook, bulletin) -> complete -> publish -> (rollback)

Nothing here changes a published edition. A crash at any step leaves the last pointer standing.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jiheng.files import alone, sha256_of_file, write_json
from publish import signing
from publish.difference import difference
from publish.records import history, published_ids, record
from publish.warehouse import export_warehouse, row_counts, table_digests, write_exports

__all__ = [
    "ABOUT_NAME",
    "MANIFEST_NAME",
    "PublicationError",
    "begin",
    "complete",
    "current",
    "difference",
    "export_warehouse",
    "history",
    "point_to",
    "publish",
    "record",
    "rollback",
    "table_digests",
    "verify",
    "write_exports",
]

ABOUT_NAME = "about.json"
MANIFEST_NAME = "manifest.json"
POINTER_NAME = "current"
LOCK_NAME = ".publish.lock"
HELD = "hold"
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
REQUIRED_FACTS = frozenset(
    {"edition_id", "as_of", "method_ids", "code_version", "lake_digest", "gate_decision", "coverage"}
)


class PublicationError(RuntimeError):
    """A publication that must not happen; the message says why and what stands."""


def begin(edition: Path, facts: Mapping[str, Any]) -> None:
    """Write `about.json`: the facts that every page and bulletin shows, known once the gate has decided.

    Raises PublicationError when one of REQUIRED_FACTS is missing or the edition id cannot be a directory's name.
    """
    _check_facts(facts)
    write_json(edition / ABOUT_NAME, dict(facts))


def complete(edition: Path, facts: Mapping[str, Any]) -> None:
    """Write `manifest.json`, the last file of an edition: the facts, each other file's SHA-256, each table's digest.

    Raises PublicationError as `begin` does.
    """
    _check_facts(facts)
    digests, counts = table_digests(edition), row_counts(edition)
    manifest = dict(facts) | {
        "files": {
            name: {"sha256": sha256_of_file(path), "bytes": path.stat().st_size} for name, path in _files(edition)
        },
        "tables": {name: {"digest": digest, "rows": counts[name]} for name, digest in digests.items()},
    }
    write_json(edition / MANIFEST_NAME, manifest)
    signing.sign(edition)


def _check_facts(facts: Mapping[str, Any]) -> None:
    missing = sorted(REQUIRED_FACTS - facts.keys())
    if missing:
        raise PublicationError(f"an edition needs these facts too: {', '.join(missing)}")
    if not SAFE_ID.fullmatch(str(facts["edition_id"])) or facts["edition_id"] == POINTER_NAME:
        raise PublicationError(f"{facts['edition_id']!r} cannot name an edition: use letters, digits, dot, dash, _")


def _files(edition: Path) -> list[tuple[str, Path]]:
    found = (path for path in edition.rglob("*") if path.is_file())
    named = ((path.relative_to(edition).as_posix(), path) for path in found)
    return sorted((name, path) for name, path in named if name not in (MANIFEST_NAME, signing.SIGNATURE_NAME))


def verify(edition: Path) -> list[str]:
    """Compare the files with the manifest. Returns one sentence for each difference; empty means all is as published.

    Raises PublicationError without a manifest.
    """
    listed, present = _manifest(edition)["files"], dict(_files(edition))
    problems = [f"{name} 不在清单中 is not in the manifest" for name in sorted(present.keys() - listed.keys())]
    for name in sorted(listed):
        if name not in present:
            problems.append(f"{name} 缺失 is missing")
        elif sha256_of_file(present[name]) != listed[name]["sha256"]:
            problems.append(f"{name} 有改动 has changed since it was published")
    return problems


def _manifest(edition: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((edition / MANIFEST_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PublicationError(f"{edition} has no {MANIFEST_NAME}: it was never completed") from error
    return manifest


def publish(private: Path, editions: Path, event: Mapping[str, Any] | None = None) -> str:
    """Make a completed private edition the published one. Returns "published" or "unchanged".

    "unchanged": the same edition id with the same tables is there already; the private one is discarded. The pointer
    moves then only if that edition was never recorded as published, which is what a crash leaves behind. `event`
    carries further fields for the record (who, why). Raises PublicationError for a held gate, a file that differs from
    the manifest, or an edition of the same id with other tables.
    """
    manifest = _manifest(private)
    edition_id = str(manifest["edition_id"])
    _check_publishable(private, manifest)
    with alone(editions / LOCK_NAME):
        target = editions / edition_id
        if target.exists():
            _check_same(target, manifest)
            shutil.rmtree(private)
            if any(
                line.get("event") == "publish" and line.get("edition_id") == edition_id for line in history(editions)
            ):
                return "unchanged"
        else:
            _make_read_only(private)
            _move(private, target)
        signing.publish_key(editions)
        point_to(editions, edition_id)
        sealed = {"edition_id": edition_id, "manifest_sha256": sha256_of_file(target / MANIFEST_NAME)}
        record(editions, {"event": "publish", **sealed, **(event or {})})
    return "published"


def _check_publishable(private: Path, manifest: Mapping[str, Any]) -> None:
    _check_facts(manifest)
    if manifest["gate_decision"] == HELD:
        raise PublicationError(f"the gate holds edition {manifest['edition_id']}; the last edition stands")
    problems = verify(private)
    if problems:
        raise PublicationError(f"edition {manifest['edition_id']} is not as completed: {'; '.join(problems[:5])}")


def _check_same(target: Path, manifest: Mapping[str, Any]) -> None:
    there = {name: table["digest"] for name, table in _manifest(target)["tables"].items()}
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
        beside = target.with_name(f".{target.name}.incoming")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(private, beside)
        beside.rename(target)
        shutil.rmtree(private)
    _sync_directory(target.parent)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def point_to(editions: Path, edition_id: str) -> None:
    """Move the pointer `current` in one step. The link is relative, so the directory may be moved or mounted.

    Raises PublicationError when there is no such edition.
    """
    if not SAFE_ID.fullmatch(edition_id) or not (editions / edition_id).is_dir():
        raise PublicationError(f"there is no edition {edition_id} to point to")
    link = editions / f".{POINTER_NAME}.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(edition_id)
    link.replace(editions / POINTER_NAME)
    _sync_directory(editions)


def current(editions: Path) -> Path | None:
    """The published edition's directory, or None when nothing is published."""
    pointer = editions / POINTER_NAME
    if not pointer.is_dir():
        return None
    return editions / pointer.readlink()


def rollback(editions: Path, event: Mapping[str, Any] | None = None) -> str:
    """Point at the edition published before the current one, record it, and return its id.

    A second rollback goes one further back. `event` carries further fields for the record (who, why). Raises
    PublicationError when there is nothing to go back to.
    """
    with alone(editions / LOCK_NAME):
        standing = published_ids(editions)
        earlier = [edition_id for edition_id in standing[:-1] if (editions / edition_id).is_dir()]
        if not earlier:
            raise PublicationError("there is no earlier edition to go back to")
        point_to(editions, earlier[-1])
        record(editions, {"event": "rollback", "from": standing[-1], "edition_id": earlier[-1], **(event or {})})
        return earlier[-1]
