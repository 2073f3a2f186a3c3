"""Invisible marks that turn the direction of writing: with one, 12 may be shown as 21, and a name as another.

They have no place in a Chinese report. Each becomes a blank, so that what the reader reads is what a person sees, on
every page, sheet and receipt that quotes it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.documents.document import Cell, Document, Note, Table

NOTE = "DIRECTION_MARKS"
# Unicode Standard Annex 9, table of directional formatting characters.
MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
MARK = re.compile(f"[{MARKS}]")


def without_marks(document: Document) -> Document:
    """The document with a blank for each mark, and a note where there was one; every span stays."""
    found = len(MARK.findall(document.text))
    if not found:
        return document
    return replace(
        document,
        text=straight(document.text),
        tables=tuple(Table(tuple(tuple(map(_cell, row)) for row in table.rows)) for table in document.tables),
        notes=(*document.notes, Note(NOTE, str(found))),
    )


def straight(text: str) -> str:
    """A text, or a file's name, with a blank for each mark."""
    return MARK.sub(" ", text)


def _cell(cell: Cell) -> Cell:
    return Cell(straight(cell.text), cell.start, cell.end)
