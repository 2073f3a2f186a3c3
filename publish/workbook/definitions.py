"""指标说明: what every column of every sheet means, in Chinese and English, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from publish.workbook.sheet import Column, Printer, Sheet

HEADS = (
    *(("工作表 Sheet", 14), ("列 Column", 22), ("英文名称 English", 26), ("含义", 60), ("Meaning", 60)),
    *(("出处 Source", 36), ("方法 Method", 12)),
)
DERIVED = "由同行各列算出 Derived from the row"


def write(printer: Printer, sheets: Sequence[Sheet]) -> None:
    """Write the last sheet: one row for each column. Definitions are those of the data dictionary."""
    page = printer.book.add_worksheet("指标说明")
    wrapped = printer.book.add_format({"text_wrap": True, "valign": "top"})
    for place, (head, width) in enumerate(HEADS):
        page.set_column(place, place, width)
        page.write_string(0, place, head, printer.head)
    listed = [(sheet, column) for sheet in sheets for column in sheet.columns]
    for line, (sheet, column) in enumerate(listed, start=1):
        for place, word in enumerate(_line(printer, sheet, column)):
            page.write_string(line, place, word, wrapped)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, len(listed), len(HEADS) - 1)
    printer.set_print(page)


def _line(printer: Printer, sheet: Sheet, column: Column) -> tuple[str, ...]:
    zh, en = printer.context.definition(column)
    method = printer.context.method_id or ""
    return sheet.name, column.head, column.english, zh or "—", en or "—", column.source or DERIVED, method or "—"
