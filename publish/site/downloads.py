"""The page of downloads: every file of the edition with its size and what it is for."""

from __future__ import annotations

from pathlib import Path

from publish import dictionary, labels
from publish.data import Row
from publish.site import bundles
from publish.warehouse import opened

# Files for people come first, in the order of the labels; whatever else lies in the edition follows by name.
KINDS = ("people", "programs")
DATA_FOLDERS = ("parquet", "csv")
# Made when the page is already written.
LATER = ("manifest.json",)
# Of no use to a reader: the pages show what they hold.
UNLISTED = frozenset({"about.json", "map.json"})
# Not in the zip, or too large to be there.
ONLINE = frozenset({*bundles.NOT_INSIDE, *bundles.names()})


def page(edition: Path, row_counts: dict[str, int]) -> Row:
    """Files by whom they are for, and each table as Parquet and CSV; a size is None for what is yet to be made."""
    with opened(edition) as con:
        described = {table.name for table in dictionary.described(con)}
    return {
        "groups": [(kind, [_file(edition, name) for name in _names(edition, kind)]) for kind in KINDS],
        "tables": [
            {
                "name": name,
                "is_described": name in described,
                "rows": rows,
                "sizes": [_size(edition / folder / f"{name}.{folder}") for folder in DATA_FOLDERS],
            }
            for name, rows in row_counts.items()
        ],
    }


def _names(edition: Path, kind: str) -> list[str]:
    """Names of a kind's files: those of the labels that are there or will be, then, for programs, all others."""
    found = {path.name for path in edition.iterdir() if path.is_file()} | {*LATER, *bundles.names()}
    listed = [name for name in labels.codes(f"file_for_{kind}") if name in found]
    if kind == KINDS[0]:
        return listed
    known = {name for one in KINDS for name in labels.codes(f"file_for_{one}")}
    return listed + sorted(found - known - UNLISTED)


def _file(edition: Path, name: str) -> Row:
    return {"name": name, "size": None if name in LATER else _size(edition / name), "is_online": name in ONLINE}


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
