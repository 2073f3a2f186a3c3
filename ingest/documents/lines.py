"""Tables in plain text: a header line and lines below it with as many columns, separated by tabs or spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.documents.document import Cell, Table

LEAST_COLUMNS = 3
SENTENCE_END = "。"
CELL = re.compile(r"[^\s]+")
TABBED = re.compile(r"(?:(?<=\t)|^)[^\t\r]*")

Line = list[Cell]


def tables_in(text: str) -> tuple[Table, ...]:
    """Runs of lines that share a header's number of columns and its mark between them; the header holds no digit,
    every other row one. A line that ends as a sentence is none of them.
    """
    found: list[Table] = []
    rows: list[Line] = []
    mark = ""
    for line_mark, line in _lines(text):
        if rows and (len(line), line_mark) == (len(rows[0]), mark) and _has_digit(line):
            rows.append(line)
            continue
        if len(rows) > 1:
            found.append(Table(tuple(tuple(row) for row in rows)))
        rows, mark = [line] if len(line) >= LEAST_COLUMNS and not _has_digit(line) else [], line_mark
    if len(rows) > 1:
        found.append(Table(tuple(tuple(row) for row in rows)))
    return tuple(found)


def _lines(text: str) -> Iterator[tuple[str, Line]]:
    """Lines that are not empty, cut into cells, with the mark that stands between these."""
    for match in re.finditer(r"[^\n]+", text):
        is_sentence = match[0].rstrip().endswith(SENTENCE_END)
        mark = SENTENCE_END if is_sentence else "\t" if "\t" in match[0] else " "
        # Between two tabs a cell may be empty; between spaces none can be told.
        found = (TABBED if mark == "\t" else CELL).finditer(match[0])
        cells = [Cell(cell[0], match.start() + cell.start(), match.start() + cell.end()) for cell in found]
        if any(cell.text for cell in cells):
            yield mark, cells


def _has_digit(line: Line) -> bool:
    return any(character.isdigit() for cell in line for character in cell.text)
