"""Old Excel workbooks (.xls, .et): xlrd reads them, for it alone tells number formats; calamine where xlrd cannot.

Both would lay out a sheet as far as its farthest cell, whatever is in between, so that far cells are looked for first.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ingest.documents import numberformats
from ingest.documents.document import Document, DocumentError, TextBuilder
from ingest.documents.grid import MAX_CELLS, Grid, add_grid, sheet_labels
from ingest.documents.ole import MACRO_STORAGES, opened_ole, stream_of

MEDIA_TYPE = "application/vnd.ms-excel"
BOOK_STREAMS = ("Workbook", "Book")
FILE_PASS, BEGIN_OF_PART = 0x2F, (0x0809, 0x0409, 0x0209, 0x0009)
# How far a sheet says to reach, by length of the record: first row, row after the last, and the same of columns.
DIMENSIONS, DIMENSIONS_FORMATS, NO_SIGN = 0x0200, {14: "<IIHH", 10: "<HHHH"}, 1 << 32
# Records that hold a cell: each begins with its row and its first column.
CELL_RECORDS = frozenset(
    {0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x0001, 0x0002, 0x0003}
)
VISIBLE = 0


def read_xls(content: bytes) -> Document:
    """Each visible sheet as one table, numbers as the sheet shows them."""
    builder = TextBuilder()
    with opened_ole(content) as ole:
        book = stream_of(ole, BOOK_STREAMS)
        laid_out = _refuse_far_cells(book)
        if any(ole.exists(name) for name in MACRO_STORAGES):
            builder.note("MACRO")
    try:
        _read_with_xlrd(builder, book)
    except DocumentError:
        raise
    except Exception as error:  # xlrd raises whatever a damaged record leads it to
        if laid_out > MAX_CELLS:
            # calamine would ask for the whole rectangle at once, and end the process when it does not get it.
            raise DocumentError("TOO_LARGE", f"a sheet laid out as {laid_out} cells, and xlrd: {error}") from error
        builder = TextBuilder(notes=[note for note in builder.notes if note.code == "MACRO"])
        _read_with_calamine(builder, content)
    return builder.document(MEDIA_TYPE)


def _refuse_far_cells(book: bytes) -> int:
    """Refuse an encrypted workbook, and one with more cells than the limit.

    Gives the cells of the largest rectangle that a sheet's cells span or that it says to span, which calamine would lay
    out. xlrd lays out each row as far as its own last cell.
    """
    widths: dict[int, int] = {}
    total = largest = columns = rows = 0
    for record, at, length in _records(book):
        row, column = struct.unpack_from("<HH", book, at) if length >= 4 else (0, 0)
        if record == FILE_PASS:
            raise DocumentError("ENCRYPTED", "the workbook is protected by a password")
        if record in BEGIN_OF_PART:
            widths, total, columns, rows = {}, 0, 0, 0
        elif record == DIMENSIONS and length in DIMENSIONS_FORMATS:
            top, below, left, right = struct.unpack_from(DIMENSIONS_FORMATS[length], book, at)
            # Wrong ends too, as calamine reckons: without a sign.
            largest = max(largest, (below - top) % NO_SIGN * ((right - left) % NO_SIGN))
        elif record in CELL_RECORDS:
            width = widths.get(row, 0)
            if column >= width:
                widths[row] = column + 1
                total += column + 1 - width
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            largest = max(largest, rows * columns)
            if total > MAX_CELLS:
                raise DocumentError("TOO_LARGE", f"a sheet laid out as more than {MAX_CELLS} cells")
    return largest


def _records(book: bytes) -> Iterator[tuple[int, int, int]]:
    """Each record's kind, where its content begins, and how long it is: what is cut off counts as empty."""
    at, end = 4, len(book)
    while at <= end:
        record, length = struct.unpack_from("<HH", book, at - 4)
        yield record, at, length if at + length <= end else 0
        at += length + 4


def _read_with_xlrd(builder: TextBuilder, stream: bytes) -> None:
    """Read the workbook's own stream: in a compound file, xlrd follows sectors that lead back for minutes."""
    import xlrd

    with io.StringIO() as log:
        book = xlrd.open_workbook(file_contents=stream, formatting_info=True, ragged_rows=True, logfile=log)
    for sheet in book.sheets():
        if sheet.visibility != VISIBLE:
            builder.note("HIDDEN_CELLS", f"工作表“{sheet.name}”")
            continue
        grid = _grid(book, sheet)
        label = sheet_labels(sheet.name)
        for row, column in sorted(grid.errors)[:20]:
            builder.note("ERROR_CELL", label(row)(column))
        if grid.hides:
            builder.note("HIDDEN_CELLS", f"工作表“{sheet.name}”")
        add_grid(builder, grid, label)


def _grid(book: Any, sheet: Any) -> Grid:
    import xlrd

    grid = Grid(merged=[(top, left, below - 1, right - 1) for top, below, left, right in sheet.merged_cells])
    grid.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    grid.hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    epoch = numberformats.EPOCH_1904 if book.datemode else numberformats.EPOCH_1900
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            text = _shown(book, cell, epoch)
            if text:
                grid.put(row, column, text)
                if cell.ctype == xlrd.XL_CELL_ERROR:
                    grid.errors.add((row, column))
    return grid


def _shown(book: Any, cell: Any, epoch: datetime) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value).strip()
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        style = book.format_map.get(book.xf_list[cell.xf_index].format_key)
        code = numberformats.BUILT_IN.get(style.format_key, style.format_str) if style else numberformats.GENERAL
        return numberformats.shown(repr(cell.value), code or numberformats.GENERAL, epoch)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR")
    return ""


def _read_with_calamine(builder: TextBuilder, content: bytes) -> None:
    """The second reader. It knows no number formats: a percentage stands as a ratio, which is noted."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        builder.note("NUMBER_FORMATS_UNKNOWN")
        for sheet in book.sheets_metadata:
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible:
                add_grid(builder, _calamine_grid(book.get_sheet_by_name(sheet.name)), sheet_labels(sheet.name))
    except python_calamine.PasswordError as error:
        raise DocumentError("ENCRYPTED", str(error)) from error
    except (DocumentError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of its Rust code is no Exception
        raise DocumentError("UNREADABLE", f"neither xlrd nor calamine: {error}") from error


def _calamine_grid(sheet: Any) -> Grid:
    top_row, left_column = sheet.start or (0, 0)
    ranges = sheet.merged_cell_ranges or []
    grid = Grid(merged=[(top, left, bottom, right) for (top, left), (bottom, right) in ranges])
    for row, values in enumerate(sheet.to_python(), start=top_row):
        for column, value in enumerate(values, start=left_column):
            text = numberformats.plain(repr(value)) if isinstance(value, float) else str(value).strip()
            if text:
                grid.put(row, column, text)
    return grid
