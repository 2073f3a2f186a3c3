"""Tables that people write, as CSV or Excel workbooks: rows of text by column, each with its place for error messages.

CSV may be UTF-8, UTF-16 or GB18030, as Excel saves it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ingest.documents.document import DocumentError
from ingest.documents.plain import decode


class TableError(ValueError):
    """A table that cannot be used: which file, sheet, row and column, what is wrong, and how to mend it."""


@dataclass(frozen=True)
class Row:
    """One row; `place_zh` and `place_en` say where it stands (file, sheet, row)."""

    values: dict[str, str]
    place_zh: str
    place_en: str

    def __getitem__(self, column: str) -> str:
        """The text of a cell; empty where the row has none."""
        return self.values.get(column, "")

    def error(self, column: str, mend_zh: str, mend_en: str) -> TableError:
        """What to raise for a cell of this row."""
        cell = self[column]
        return TableError(
            f"{self.place_zh}“{column}”列：{mend_zh}，现为“{cell}”"
            f" · {self.place_en}, column {column}: {mend_en}, not {cell!r}"
        )


def read_table_file(path: Path, needed: Collection[str]) -> list[Row]:
    """Rows of a .csv or .xlsx file that has the needed columns. Raises `TableError`."""
    if path.suffix.lower() == ".xlsx":
        return _workbook_rows(path, needed)
    return csv_rows(path.read_bytes(), path.name, needed)


def csv_rows(
    content: bytes, name: str, needed: Collection[str], usual: Mapping[str, str] = MappingProxyType({})
) -> list[Row]:
    """Rows of a CSV with a header; rows without any text are left out. Raises `TableError`.

    `usual` gives the names of columns for other words that may stand in the header, those in small letters.
    """
    try:
        text = decode(content).removeprefix("\ufeff")
    except DocumentError as error:
        raise TableError(
            f"{name} 的编码无法辨认，请另存为“CSV UTF-8” · its encoding is unknown, save it as CSV UTF-8: {error}"
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [usual.get(cell.strip().lower(), cell.strip()) for cell in next(reader, [])]
        _check_columns(name, header, needed)
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise TableError(
            f"{name} 第{reader.line_num}行不是 CSV，请用 Excel 另存 · line {reader.line_num} is no CSV: {error}"
        ) from error
    return list(_rows(header, lines, f"{name} 第{{}}行", f"{name} line {{}}"))


def _workbook_rows(path: Path, needed: Collection[str]) -> list[Row]:
    """Rows of every sheet whose first row names the needed columns; other sheets may hold explanations."""
    import python_calamine

    try:
        book = python_calamine.load_workbook(path)
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (python_calamine.CalamineError, OSError) as error:
        raise TableError(
            f"{path.name} 打不开，请用 Excel 另存为 .xlsx（不要加密） · the workbook cannot be opened: {error}"
        ) from error
    headers = {name: [_text(cell) for cell in cells[0]] for name, cells in sheets.items() if cells}
    tables = [name for name, header in headers.items() if set(needed) <= set(header)]
    if not tables:
        best = max(headers, key=lambda name: len(set(needed) & set(headers[name])), default="")
        _check_columns(f"{path.name} 工作表“{best}”", headers.get(best, []), needed)
    return [row for name in tables for row in _sheet_rows(path.name, name, headers[name], sheets[name])]


def _sheet_rows(file: str, sheet: str, header: list[str], cells: Sequence[Sequence[Any]]) -> Iterator[Row]:
    lines = [(number, [_text(cell) for cell in row]) for number, row in enumerate(cells[1:], start=2)]
    yield from _rows(header, lines, f"{file} 工作表“{sheet}”第{{}}行", f"{file} sheet {sheet!r} row {{}}")


def _rows(header: list[str], lines: list[tuple[int, list[str]]], zh: str, en: str) -> Iterator[Row]:
    for number, cells in lines:
        values = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
        if any(values.values()):
            yield Row(values, zh.format(number), en.format(number))


def _check_columns(where: str, header: Collection[str], needed: Collection[str]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        raise TableError(
            f"{where} 缺少列：{'、'.join(missing)}，请在第一行补上列名"
            f" · missing columns, add them to the first row: {', '.join(missing)}"
        )


def _text(cell: Any) -> str:
    """A workbook's cell as CSV would have it: whole numbers without a point, dates like 2026-03-31."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
