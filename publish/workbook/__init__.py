"""Writes rankings.xlsx (工作簿): rankings, coverage and filings, for people who live in spreadsheets.

It holds every rank, and one row for each department's report. The many rows behind a report (each budget category, each
indicator) are in csv/, parquet/ and warehouse.duckdb.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jiheng.files import write_bytes
from publish import format
from publish.warehouse import opened
from publish.workbook import cover, definitions
from publish.workbook.evidence import budgets, findings, self_scores
from publish.workbook.filings import coverage, filings
from publish.workbook.rankings import departments, divisions, improvement, movements, scopes
from publish.workbook.sheet import Context, Printer

__all__ = ["WORKBOOK_NAME", "write"]

WORKBOOK_NAME = "rankings.xlsx"
SHEETS = (
    *(divisions, scopes, improvement, movements, departments),
    *(coverage, filings, self_scores, budgets, findings),
)
# No cell may become a formula, a link or a number by the look of its text.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(edition: Path) -> None:
    """Write `rankings.xlsx` of an edition: 说明, the sheets of SHEETS, and 指标说明 with what every column means.

    Numbers are numbers with the decimals they have; Excel keeps 15 digits. An absent value is a word, never an empty
    cell or zero. The same edition gives the same bytes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with _no_collector(), opened(edition) as con, xlsxwriter.Workbook(buffer, OPTIONS) as book:
        context = Context(con, edition)
        book.set_properties(
            {
                "title": "部门整体支出绩效排名",
                "author": "Jiheng 绩衡",
                "created": format.instant(context.about.as_of).replace(tzinfo=None),
            }
        )
        sheets = [make(context) for make in SHEETS]
        printer = Printer(book, context)
        cover.write(printer, sheets)
        for sheet in sheets:
            printer.write(sheet)
        definitions.write(printer, sheets)
    write_bytes(edition / WORKBOOK_NAME, buffer.getvalue())


@contextmanager
def _no_collector() -> Iterator[None]:
    """Leave the garbage collector off: a million cells that are all alive cost it a seventh of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
