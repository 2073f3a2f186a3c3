"""Excel workbooks, read cell by cell from their XML with a bound on cells, merged cells resolved."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

from lxml import etree

from ingest.documents.detect import ARCHIVE_ERRORS
from ingest.documents.document import Cell, Document, DocumentError, Table, TextBuilder

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAX_CELLS = 2_000_000
MAX_COLUMNS = 256
COORDINATE = re.compile(r"([A-Z]+)(\d+)")

Grid = dict[tuple[int, int], str]


def read_xlsx(content: bytes) -> Document:
    """Each sheet as one table; in the text a row is a line and cells are separated by tabs."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            strings = _shared_strings(archive)
            builder = TextBuilder()
            for name, path in _sheets(archive):
                root = _parse(archive.read(path))
                _add_sheet(builder, name, _grid(root, strings), _merges(root))
    except (*ARCHIVE_ERRORS, etree.XMLSyntaxError) as error:
        raise DocumentError("UNREADABLE", str(error)) from error
    return builder.document("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def _parse(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = _parse(archive.read("xl/sharedStrings.xml"))
    return ["".join(text.text or "" for text in item.iter(f"{S}t")) for item in root.iterfind(f"{S}si")]


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    links = _parse(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): (link.get("Target") or "").removeprefix("/xl/") for link in links}
    book = _parse(archive.read("xl/workbook.xml"))
    return [
        (sheet.get("name") or "", "xl/" + targets[sheet.get(f"{R}id")])
        for sheet in book.iterfind(f"{S}sheets/{S}sheet")
        if sheet.get("state", "visible") == "visible"
    ]


def _grid(root: etree._Element, strings: list[str]) -> Grid:
    grid: Grid = {}
    for element in root.iterfind(f"{S}sheetData/{S}row/{S}c"):
        row, column = _position(element.get("r") or "A1")
        text = _value(element, strings)
        if text and column < MAX_COLUMNS:
            grid[row, column] = text
        if len(grid) > MAX_CELLS:
            raise DocumentError("TOO_LARGE", f"more than {MAX_CELLS} cells")
    return grid


def _value(element: etree._Element, strings: list[str]) -> str:
    kind = element.get("t", "n")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in element.iter(f"{S}t")).strip()
    value = (element.findtext(f"{S}v") or "").strip()
    if kind == "s" and value:
        return strings[int(value)].strip()
    return _as_shown(value) if kind == "n" else value


def _as_shown(value: str) -> str:
    """A stored number with the fifteen digits that Excel shows: the file holds 99.40000000000001 for 99.4."""
    if "." not in value and "E" not in value.upper():
        return value
    return format(Decimal(f"{float(value):.15g}"), "f")


def _position(coordinate: str) -> tuple[int, int]:
    match = COORDINATE.fullmatch(coordinate)
    if not match:
        raise DocumentError("UNREADABLE", f"no cell coordinate: {coordinate[:20]}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _merges(root: etree._Element) -> dict[tuple[int, int], tuple[int, int]]:
    """Every covered cell of a merged range, with the cell that holds its text."""
    origin: dict[tuple[int, int], tuple[int, int]] = {}
    for merge in root.iterfind(f"{S}mergeCells/{S}mergeCell"):
        first, _, last = (merge.get("ref") or "A1:A1").partition(":")
        (top, left), (bottom, right) = _position(first), _position(last or first)
        if (bottom - top + 1) * (right - left + 1) > MAX_COLUMNS * 100:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                origin[row, column] = (top, left)
    return origin


def _add_sheet(builder: TextBuilder, name: str, grid: Grid, merges: dict[tuple[int, int], tuple[int, int]]) -> None:
    width = max((column for _, column in grid), default=-1) + 1
    rows: list[tuple[Cell, ...]] = []
    placed: dict[tuple[int, int], Cell] = {}
    for row in sorted({row for row, _ in grid}):
        cells = []
        for column in range(width):
            origin = merges.get((row, column), (row, column))
            if origin not in placed:
                builder.mark(f"工作表“{name}”{_letters(origin[1])}{origin[0] + 1}单元格")
                text = grid.get(origin, "")
                placed[origin] = Cell(text, *builder.add(text))
            cells.append(placed[origin])
            builder.add("\t")
        builder.add("\n")
        rows.append(tuple(cells))
    builder.tables.append(Table(tuple(rows)))


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
