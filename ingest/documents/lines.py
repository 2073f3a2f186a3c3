"""Tables in plain text: a header line and lines below it with as many columns, separated by tabs or spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.documents.document import Cell, Table

LEAST_COLUMNS = 3
CELL = re.compile(r"[^\s]+")
TABBED = re.compile(r"(?:(?<=\t)|^)[^\t\r]*")

Line = list[Cell]


def tables_in(text: str) -> tuple[Table, ...]:
    """Runs of lines that share a header's number of columns; the header holds no digit, every other row one."""
    found: list[Table] = []
    rows: list[Line] = []
    for line in _lines(text):
        if rows and len(line) == len(rows[0]) and _has_digit(line):
            rows.append(line)
            continue
        if len(rows) > 1:
            found.append(Table(tuple(tuple(row) for row in rows)))
        rows = [line] if len(line) >= LEAST_COLUMNS and not _has_digit(line) else []
    if len(rows) > 1:
        found.append(Table(tuple(tuple(row) for row in rows)))
    return tuple(found)


def _lines(text: str) -> Iterator[Line]:
    """Lines that are not empty, cut into cells."""
    for match in re.finditer(r"[^\n]+", text):
        # Between two tabs a cell may be empty; between spaces none can be told.
        expression = TABBED if "\t" in match[0] else CELL
        found = expression.finditer(match[0])
        cells = [Cell(cell[0], match.start() + cell.start(), match.start() + cell.end()) for cell in found]
        if any(cell.text for cell in cells):
            yield cells


def _has_digit(line: Line) -> bool:
    return any(character.isdigit() for cell in line for character in cell.text)
