"""What recognition read from a page, kept by the page's own bytes: a page is read once, in whatever file it comes.

It lies under the home that the environment variable `JIHENG_HOME` names; without that nothing is kept. An entry that
cannot be read or written is as if it were not there: the page is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from ingest.documents.pages import Block, Line, Piece, RuledCell, RuledTable

VARIABLE = "JIHENG_HOME"
# Inside the archive, which alone may hold personal data.
FOLDER = Path("archive") / "recognised"


def digest(*parts: bytes) -> str:
    """SHA-256 of several stretches of bytes, none of which can run into the next."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()


def load(key: str) -> tuple[Block, ...] | None:
    """The blocks of a page that was read before, or None."""
    folder = _folder()
    if folder is None:
        return None
    try:
        return tuple(_block(row) for row in json.loads(_path(folder, key).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError):
        return None


def store(key: str, blocks: tuple[Block, ...]) -> None:
    """Keep the blocks of a page: written beside its place and renamed, so that no reader meets half an entry."""
    folder = _folder()
    if folder is None:
        return
    path = _path(folder, key)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    # A full or read-only disk costs the cache, not the document.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps([asdict(block) for block in blocks], ensure_ascii=False, default=str), "utf-8")
        beside.replace(path)


def _folder() -> Path | None:
    named = os.environ.get(VARIABLE)
    return Path(named) / FOLDER if named else None


def _path(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.json"


def _block(row: dict[str, Any]) -> Block:
    if "flows" in row:
        return Line(_pieces(row["pieces"]), row["flows"])
    cells = (RuledCell(**(cell | {"pieces": _pieces(cell["pieces"])})) for cell in row["cells"])
    return RuledTable(row["row_count"], row["column_count"], tuple(cells))


def _pieces(rows: list[dict[str, Any]]) -> tuple[Piece, ...]:
    return tuple(Piece(row["text"], Decimal(row["confidence"]), row["agreed"], row["ends"]) for row in rows)
