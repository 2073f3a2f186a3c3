"""Excel's single XML file of 2003, which finance programs still export under the name .xls."""

from __future__ import annotations

from typing import Any

from ingest.documents import numberformats
from ingest.documents.containers import tree
from ingest.documents.document import Document, TextBuilder
from ingest.documents.grid import Grid, add_grid, sheet_labels

MEDIA_TYPE = "application/vnd.ms-excel+xml"
NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
S = f"{{{NAMESPACE}}}"
VISIBLE = (None, "", "SheetVisible")
# Formats that this file kind calls by a name.
NAMED = {
    **{"Percent": "0.00%", "Fixed": "0.00", "Standard": "#,##0.00", "Currency": "#,##0.00"},
    **{"General Number": "General", "Scientific": "General", "Short Date": "yyyy-m-d", "Long Date": "yyyy年m月d日"},
}
LAST_INDEX = 1_048_576


def read_spreadsheetml(content: bytes) -> Document:
    """Each worksheet as one table, numbers as the sheet shows them."""
    root = tree(content.lstrip())
    formats = _formats(root)
    builder = TextBuilder()
    for sheet in root.iterfind(f"{S}Worksheet"):
        name = sheet.get(f"{S}Name") or ""
        if sheet.findtext(".//{urn:schemas-microsoft-com:office:excel}Visible") not in VISIBLE:
            builder.note("HIDDEN_CELLS", f"工作表“{name}”")
            continue
        for table in sheet.iterfind(f"{S}Table"):
            add_grid(builder, _grid(table, formats), sheet_labels(name))
    return builder.document(MEDIA_TYPE)


def _formats(root: Any) -> dict[str | None, str]:
    found: dict[str | None, str] = {}
    for style in root.iterfind(f"{S}Styles/{S}Style"):
        stated = style.find(f"{S}NumberFormat")
        code = stated.get(f"{S}Format") if stated is not None else None
        found[style.get(f"{S}ID")] = NAMED.get(code or "", code or numberformats.GENERAL)
    return found


def _grid(table: Any, formats: dict[str | None, str]) -> Grid:
    grid = Grid()
    row = -1
    for line in table.iterfind(f"{S}Row"):
        row = _index(line, row + 1)
        if line.get(f"{S}Hidden") == "1":
            grid.hidden_rows.add(row)
        column = -1
        for cell in line.iterfind(f"{S}Cell"):
            column = _index(cell, column + 1)
            _put(grid, row, column, cell, formats)
            across, down = _whole(cell.get(f"{S}MergeAcross")), _whole(cell.get(f"{S}MergeDown"))
            if across or down:
                grid.merged.append((row, column, row + down, column + across))
            column += across
    return grid


def _put(grid: Grid, row: int, column: int, cell: Any, formats: dict[str | None, str]) -> None:
    data = cell.find(f"{S}Data")
    text = "".join(data.itertext()).strip() if data is not None else ""
    kind = data.get(f"{S}Type") if data is not None else ""
    if kind == "Number":
        text = numberformats.shown(text, formats.get(cell.get(f"{S}StyleID"), numberformats.GENERAL))
    elif kind == "DateTime":
        text = text.removesuffix("T00:00:00.000")
    if text:
        grid.put(row, column, text)
        if kind == "Error":
            grid.errors.add((row, column))


def _index(element: Any, following: int) -> int:
    """The place of a row or cell: the next one, unless it states another, counted from 1."""
    stated = _whole(element.get(f"{S}Index"))
    return stated - 1 if stated else following


def _whole(text: str | None) -> int:
    return min(int(text), LAST_INDEX) if text and text.isascii() and text.isdigit() else 0
