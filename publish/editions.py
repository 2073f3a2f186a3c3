"""An edition's own files: begun with its facts, completed with a manifest, verified against it; and which is current.

begin -> (site, workbook, bulletin) -> complete -> publish (`publish.acts`)
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jiheng.files import sha256_of_file, sync_directory, sync_filesystem, write_json
from publish import signing
from publish.difference import difference
from publish.records import history, record
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
    "record",
    "table_digests",
    "verify",
    "write_exports",
]

ABOUT_NAME = "about.json"
MANIFEST_NAME = "manifest.json"
POINTER_NAME = "current"
LOCK_NAME = ".publish.lock"
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
    check_facts(facts)
    write_json(edition / ABOUT_NAME, dict(facts))


def complete(edition: Path, facts: Mapping[str, Any]) -> None:
    """Write `manifest.json`, the last file of an edition: the facts, each other file's SHA-256, each table's digest.

    It is written when all others are safe on the disk, so that what has a manifest is whole after a power cut too.

    Raises PublicationError as `begin` does.
    """
    check_facts(facts)
    digests, counts = table_digests(edition), row_counts(edition)
    manifest = dict(facts) | {
        "files": {
            name: {"sha256": sha256_of_file(path), "bytes": path.stat().st_size} for name, path in _files(edition)
        },
        "tables": {name: {"digest": digest, "rows": counts[name]} for name, digest in digests.items()},
    }
    sync_filesystem(edition)
    write_json(edition / MANIFEST_NAME, manifest)
    sync_directory(edition)
    signing.sign(edition)


def check_facts(facts: Mapping[str, Any]) -> None:
    """Raises PublicationError where a fact is missing that an edition needs, or its id cannot name one."""
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
    listed, present = manifest_of(edition)["files"], dict(_files(edition))
    problems = [f"{name} 不在清单中 is not in the manifest" for name in sorted(present.keys() - listed.keys())]
    for name in sorted(listed):
        if name not in present:
            problems.append(f"{name} 缺失 is missing")
        elif sha256_of_file(present[name]) != listed[name]["sha256"]:
            problems.append(f"{name} 有改动 has changed since it was published")
    return problems


def manifest_of(edition: Path) -> dict[str, Any]:
    """The manifest of an edition. Raises PublicationError where there is none."""
    try:
        manifest: dict[str, Any] = json.loads((edition / MANIFEST_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PublicationError(f"{edition} has no {MANIFEST_NAME}: it was never completed") from error
    return manifest


def current(editions: Path) -> Path | None:
    """The published edition's directory, or None when nothing is published."""
    pointer = editions / POINTER_NAME
    if not pointer.is_dir():
        return None
    return editions / pointer.readlink()
