"""Excel workbooks, streamed from their XML with a bound on cells, numbers as the sheet shows them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from ingest.documents import numberformats
from ingest.documents.containers import elements, opened, part, xml_member
from ingest.documents.document import Document, DocumentError, TextBuilder
from ingest.documents.grid import Grid, add_grid, sheet_labels

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COORDINATE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
COLUMN = re.compile(r"[A-Z]{1,3}")
YES = ("1", "true")
ROW, MERGE, COLUMNS, FORMULA, VALUE = f"{S}row", f"{S}mergeCell", f"{S}col", f"{S}f", f"{S}v"
# Kinds of cells whose value is text: what a formula gives, an error, a date in letters.
AS_STORED = frozenset({"str", "e", "d"})
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# More than a sheet has room for: such a list of ranges is an attack.
MAX_RANGES = 100_000
MOST_ERRORS_NAMED = 20


@dataclass(frozen=True)
class Book:
    """What the cells of a workbook refer to: its strings, the number format of each style, and day zero."""

    strings: list[str]
    formats: list[str]
    epoch: datetime


def read_xlsx(content: bytes) -> Document:
    """Each visible sheet as one table; in the text a row is a line and cells are separated by tabs."""
    builder = TextBuilder()
    with opened(content) as archive:
        root = part(archive, "xl/workbook.xml")
        book = Book(_shared_strings(archive), _formats(archive), _epoch(root))
        for name, path in _sheets(archive, root, builder):
            grid = _grid(xml_member(archive, path), book, builder, name)
            add_grid(builder, grid, sheet_labels(name))
        if any(member.endswith("vbaProject.bin") for member in archive.NameToInfo):
            builder.note("MACRO")
    return builder.document(MEDIA_TYPE)


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    path = "xl/sharedStrings.xml"
    if path not in archive.NameToInfo:
        return []
    return [_text(item) for item in elements(xml_member(archive, path), f"{S}si")]


def _text(item: Any) -> str:
    """The text of a string item, its runs joined, without the reading aids of Asian scripts."""
    runs = chain(item.iterfind(f"{S}t"), item.iterfind(f"{S}r/{S}t"))
    text = "".join(run.text or "" for run in runs)
    return ESCAPED.sub(_unescaped, text).strip() if "_x" in text else text.strip()


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character.isprintable() or character == "\n" else ""


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """The number format of each cell style."""
    root = part(archive, "xl/styles.xml")
    if root is None:
        return []
    own = {one.get("numFmtId"): one.get("formatCode") or "" for one in root.iterfind(f"{S}numFmts/{S}numFmt")}
    numbers = [style.get("numFmtId") or "0" for style in root.iterfind(f"{S}cellXfs/{S}xf")]
    return [own.get(number) or numberformats.BUILT_IN.get(_whole(number), numberformats.GENERAL) for number in numbers]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 8 else 0


def _epoch(root: Any) -> datetime:
    properties = root.find(f"{S}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return numberformats.EPOCH_1904 if since_1904 else numberformats.EPOCH_1900


def _sheets(archive: zipfile.ZipFile, root: Any, builder: TextBuilder) -> Iterator[tuple[str, str]]:
    """Name and member of each visible worksheet."""
    links = part(archive, "xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): (link.get("Target") or "") for link in links if "Target" in link.attrib}
    for sheet in root.iterfind(f"{S}sheets/{S}sheet"):
        target = targets.get(sheet.get(f"{R}id"), "")
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" not in path:
            continue
        name = sheet.get("name") or ""
        if sheet.get("state", "visible") == "visible":
            yield name, path
        else:
            builder.note("HIDDEN_CELLS", f"工作表“{name}”")


def _grid(content: bytes, book: Book, builder: TextBuilder, name: str) -> Grid:
    """A sheet's cells, read row by row: no row is kept in memory after it was read."""
    grid = Grid()
    row = -1
    for element in elements(content, ROW, MERGE, COLUMNS):
        if element.tag == ROW:
            row = _row_number(element, row)
            _add_row(grid, row, element, book)
        elif element.tag == MERGE:
            _add_range(grid, element.get("ref") or "A1")
        elif element.get("hidden") in YES:
            first, last = _whole(element.get("min")), min(_whole(element.get("max")), LAST_COLUMN)
            grid.hidden_columns.update(range(first - 1, last))
    _add_notes(grid, builder, name)
    return grid


def _add_row(grid: Grid, row: int, element: Any, book: Book) -> None:
    if element.get("hidden") in YES:
        grid.hidden_rows.add(row)
    column = -1
    for cell in element:
        coordinate = cell.get("r")
        column = _column(coordinate) if coordinate else column + 1
        kind = cell.get("t")
        text = _value(cell, kind, book)
        if text:
            grid.put(row, column, text)
            if kind == "e":
                grid.errors.add((row, column))
        elif len(cell) and cell[0].tag == FORMULA:
            grid.uncalculated += 1


def _add_range(grid: Grid, ref: str) -> None:
    first, _, last = ref.partition(":")
    grid.merged.append((*position(first), *position(last or first)))
    if len(grid.merged) > MAX_RANGES:
        raise DocumentError("TOO_LARGE", f"more than {MAX_RANGES} merged ranges")


def _add_notes(grid: Grid, builder: TextBuilder, name: str) -> None:
    label = sheet_labels(name)
    for row, column in sorted(grid.errors)[:MOST_ERRORS_NAMED]:
        builder.note("ERROR_CELL", label(row)(column))
    if grid.hides:
        builder.note("HIDDEN_CELLS", f"工作表“{name}”")
    if grid.uncalculated:
        builder.note("FORMULA_WITHOUT_VALUE", f"工作表“{name}”{grid.uncalculated}处")


def _row_number(row: Any, previous: int) -> int:
    stated = row.get("r")
    if stated is None:
        return previous + 1
    if not stated.isdigit() or not 0 < int(stated[:9]) <= LAST_ROW:
        raise DocumentError("UNREADABLE", f"no row number: {stated[:20]}")
    return int(stated) - 1


def position(coordinate: str) -> tuple[int, int]:
    """Row and column, counted from 0, of a cell's name."""
    match = COORDINATE.fullmatch(coordinate)
    if not match or not 0 < int(match[2]) <= LAST_ROW:
        raise DocumentError("UNREADABLE", f"no cell coordinate: {coordinate[:20]}")
    return int(match[2]) - 1, _column(match[1])


def _column(coordinate: str) -> int:
    """The column, counted from 0, of a cell's name."""
    return _column_named(coordinate.rstrip("0123456789"))


@lru_cache(LAST_COLUMN)
def _column_named(name: str) -> int:
    if not COLUMN.fullmatch(name):
        raise DocumentError("UNREADABLE", f"no column name: {name[:20]}")
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - 64
    if column > LAST_COLUMN:
        raise DocumentError("UNREADABLE", f"no column name: {name}")
    return column - 1


def _value(element: Any, kind: str | None, book: Book) -> str:
    if kind == "inlineStr":
        found = element.find(f"{S}is")
        return _text(found) if found is not None else ""
    # The value stands last, after the formula; an extension may follow it.
    last = element[-1] if len(element) else None
    if last is not None and last.tag != VALUE:
        last = element.find(VALUE)
    value = (last.text or "").strip() if last is not None else ""
    if not value or kind in AS_STORED:
        return value
    if kind == "s":
        return book.strings[int(value)]
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    style = element.get("s")
    code = book.formats[int(style)] if style and int(style) < len(book.formats) else numberformats.GENERAL
    return numberformats.plain(value) if numberformats.is_plain(code) else numberformats.shown(value, code, book.epoch)
