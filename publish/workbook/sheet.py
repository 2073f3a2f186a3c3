"""One sheet of the workbook: its columns as data, its rows from one query, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish import data, format, labels
from publish.warehouse import quoted, tables

if TYPE_CHECKING:
    import duckdb
    from xlsxwriter import Workbook

# What an Excel sheet can hold, without its head row and the row of sums. What does not fit is in csv/.
MOST_ROWS = 1_048_574
FORMATS: dict[str, dict[str, Any]] = {
    "text": {},
    "mark": {"align": "center"},
    "whole": {"num_format": "#,##0"},
    "score": {"num_format": "0.00"},
    "points": {"num_format": "+0.00;-0.00;0.00"},
    "places": {"num_format": "+0;-0;0"},
    "money": {"num_format": "#,##0.00"},
    "rate": {"num_format": "0.00%"},
}
HEAD = {"bold": True, "bg_color": "#E3E9F0", "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
ABSENT = {"font_color": "#6B6B6B", "align": "right"}
HEAD_HEIGHT = 32
SUM = {"bold": True, "top": 1, "bg_color": "#F4F6F9"}
# Blue and orange are told apart by everybody; the arrow and the sign say the same without a colour.
RISEN, FALLEN = {"font_color": "#0B5394"}, {"font_color": "#B45F06"}
BAR = {
    **{"type": "data_bar", "bar_color": "#9DBFE3", "bar_solid": True},
    **{"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 100},
}
ARROWS = {
    "type": "icon_set",
    "icon_style": "3_arrows_gray",
    "icons": [
        # LibreOffice takes every bound as "at least": nothing that moved is nearer to zero than this.
        {"criteria": ">=", "type": "number", "value": 0.00000001},
        {"criteria": ">=", "type": "number", "value": 0},
    ],
}
COMMENT = {"author": "Jiheng 绩衡", "x_scale": 2.2, "y_scale": 1.4, "font_size": 9}


@dataclass(frozen=True)
class Column:
    """A column: its heads in both languages, how its value looks (a key of FORMATS), its width in characters, the
    column of the query that it shows, and what it means.

    `source` names the column of the data dictionary whose description is its definition; `means` is the definition of
    one that no table has, in Chinese and English. `words` puts a code into words. `missing` is the code of the word
    for an absent value. `bars`, `moves` and `summed` ask for bars, arrows and a sum.
    """

    head: str
    english: str
    look: str
    width: int
    name: str
    source: str = ""
    means: tuple[str, str] = ("", "")
    words: Callable[[Any], str] | None = None
    missing: str = "missing"
    bars: bool = False
    moves: bool = False
    summed: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, what one row is (Chinese, English), its columns, how many stay in sight, and the query.

    Column names of the query are those that the columns name. `needs` is the table without which there are no rows.
    """

    name: str
    one_row: tuple[str, str]
    columns: tuple[Column, ...]
    fixed: int
    query: str
    needs: str
    parameters: tuple[Any, ...] = field(default=())


class Context:
    """What all sheets look things up in: the edition's facts, names by key, and the definitions of columns."""

    def __init__(self, con: duckdb.DuckDBPyConnection, edition: Path) -> None:
        self.con = con
        self.about = data.about(edition)
        self.present = set(tables(con))
        self.method_id = self._method()
        self.divisions = self._names("dim_division", "division_key", "name", "valid_from NULLS FIRST")
        self.departments = self._names("dim_department", "department_key", "name", "valid_from NULLS FIRST")
        self.functions = self._names("functions", "function_key", "name_zh", "function_key")

    def _method(self) -> str | None:
        """The method whose ranks the pages show."""
        found = self.con.execute("SELECT DISTINCT method_id FROM main.rank_division ORDER BY ALL").fetchall()
        return data.method_shown(self.about, [name for (name,) in found])

    def _names(self, table: str, key: str, name: str, order: str) -> dict[str, str]:
        if table not in self.present:
            return {}
        query = f"SELECT {quoted(key)}, {quoted(name)} FROM main.{quoted(table)} ORDER BY {quoted(key)}, {order}"
        return dict(self.con.execute(query).fetchall())

    @cached_property
    def definitions(self) -> dict[str, tuple[str, str]]:
        """What each column of each table means, in Chinese and English, by table.column."""
        if "dictionary_column" not in self.present:
            return {}
        query = "SELECT table_name || '.' || column_name, description_zh, description_en FROM main.dictionary_column"
        return {name: (zh, en) for name, zh, en in self.con.execute(query).fetchall()}

    def definition(self, column: Column) -> tuple[str, str]:
        """What a column of a sheet means, in Chinese and English."""
        return column.means if column.means[0] else self.definitions.get(column.source, column.means)

    def division(self, key: str) -> str:
        """A division's name; the key itself where the register has none."""
        return self.divisions.get(key, key)

    def department(self, key: str) -> str:
        """A department's name; the key itself where the register has none."""
        return self.departments.get(key, key)

    def function(self, key: str) -> str:
        """A function's name; the key itself where the seed has none."""
        return self.functions.get(key, key)

    def final_mark(self, year: int) -> str:
        """Whether the year was declared final."""
        return self.about.final_mark(year) or "未定稿"


def label(kind: str) -> Callable[[Any], str]:
    """Words for the codes of a kind."""
    return lambda code: labels.zh(kind, code)


def yes_or_no(value: Any) -> str:
    """是 or 否."""
    return "是" if value else "否"


def year_columns(context: Context, table: str) -> tuple[Column, ...]:
    """The fiscal year and whether it was declared final."""
    means = (
        "该年度名次是否已定：未定稿、定稿，或定稿之后的第几次修订",
        "Whether the year was declared final, or which revision of it this is",
    )
    return (
        Column("财政年度", "Fiscal year", "text", 9, "fiscal_year", f"{table}.fiscal_year", words=str),
        Column("年度状态", "Final?", "text", 9, "fiscal_year", means=means, words=context.final_mark),
    )


class Printer:
    """Writes sheets into a workbook, with its formats made once."""

    def __init__(self, book: Workbook, context: Context) -> None:
        self.book, self.context = book, context
        self.looks = {look: book.add_format(properties) for look, properties in FORMATS.items()}
        self.sums = {look: book.add_format(properties | SUM) for look, properties in FORMATS.items()}
        self.head, self.absent = book.add_format(HEAD), book.add_format(ABSENT)
        self._risen, self._fallen = book.add_format(RISEN), book.add_format(FALLEN)

    def write(self, sheet: Sheet) -> None:
        """One sheet: frozen head with notes, a filter over all rows, bars, arrows, and sums where asked for."""
        page = self.book.add_worksheet(sheet.name)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
            page.write_string(0, place, column.head, self.head)
            if any(definition := self.context.definition(column)):
                page.write_comment(0, place, "\n".join((column.english, *definition)), COMMENT)
        page.set_row(0, HEAD_HEIGHT)
        page.freeze_panes(1, sheet.fixed)
        last = self._rows(page, sheet)
        page.autofilter(0, 0, max(last, 1), len(sheet.columns) - 1)
        if last:
            self._conditions(page, sheet, last)
            self._sums(page, sheet, last + 1)
        self.set_print(page)

    def _rows(self, page: Any, sheet: Sheet) -> int:
        """Write the rows of the query and give their number."""
        if sheet.needs not in self.context.present:
            return 0
        cells = [self._cell(page, place, column) for place, column in enumerate(sheet.columns)]
        line = 0
        for line, row in enumerate(self._found(sheet), start=1):
            for cell, value in zip(cells, row, strict=True):
                cell(line, value)
        return line

    def _found(self, sheet: Sheet) -> Iterable[tuple[Any, ...]]:
        """The columns' values, row by row. Scores and rates come as the doubles that the file keeps anyway, which is
        several times as fast; sums and money are reckoned from exact decimals.
        """
        wanted = ", ".join(
            f"CAST({quoted(column.name)} AS DOUBLE)"
            if column.look in ("score", "points", "rate")
            else quoted(column.name)
            for column in sheet.columns
        )
        cursor = self.context.con.cursor()
        cursor.execute(f"SELECT {wanted} FROM ({sheet.query}) LIMIT {MOST_ROWS}", list(sheet.parameters))
        while chunk := cursor.fetchmany(4096):
            yield from chunk

    def _cell(self, page: Any, place: int, column: Column) -> Callable[[int, Any], None]:
        """What writes a value of the column into a line: a number as a number, all else as words."""
        write_string, write_number = page.write_string, page.write_number
        absent = format.null(column.missing)
        look, grey = self.looks[column.look], self.absent
        if column.look in ("text", "mark"):
            said = {None: absent}
            words = column.words or str

            def write_words(line: int, value: Any) -> None:
                if value not in said:
                    said[value] = words(value)
                write_string(line, place, said[value], look)

            return write_words

        def write_figure(line: int, value: Any) -> None:
            if value is None:
                write_string(line, place, absent, grey)
            else:
                write_number(line, place, value, look)

        return write_figure

    def _conditions(self, page: Any, sheet: Sheet, last: int) -> None:
        for place, column in enumerate(sheet.columns):
            if column.bars:
                page.conditional_format(1, place, last, place, BAR)
            if column.moves:
                page.conditional_format(1, place, last, place, ARROWS)
                for criteria, coloured in ((">", self._risen), ("<", self._fallen)):
                    # A word is greater than any number to a spreadsheet, so the upper end is named.
                    shown = {"type": "cell", "criteria": criteria, "value": 0, "format": coloured}
                    if criteria == ">":
                        shown |= {"criteria": "between", "minimum": 0.000001, "maximum": 1_000_000}
                    page.conditional_format(1, place, last, place, shown)

    def _sums(self, page: Any, sheet: Sheet, line: int) -> None:
        """The row of sums below the filtered rows, reckoned by the warehouse over the very rows above."""
        summed = [column for column in sheet.columns if column.summed]
        if not summed:
            return
        wanted = ", ".join(f"sum({quoted(column.name)})" for column in summed)
        query = f"SELECT {wanted} FROM (FROM ({sheet.query}) LIMIT {MOST_ROWS})"
        found = self.context.con.execute(query, list(sheet.parameters)).fetchone() or ()
        sums = dict(zip((column.head for column in summed), found, strict=True))
        for place, column in enumerate(sheet.columns):
            value = sums.get(column.head)
            if value is not None:
                page.write_number(line, place, Decimal(value), self.sums[column.look])
            elif column.summed:
                page.write_string(line, place, format.null(column.missing), self.sums["text"])
            else:
                page.write_string(line, place, "合计" if place == 0 else "", self.sums["text"])

    def set_print(self, page: Any) -> None:
        """A4 across, as wide as the sheet, the head on each page, and what edition it is at its foot."""
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        about = self.context.about
        page.set_footer(f"&L期号 {about.edition_id}　方法 {self.context.method_id or ''}&C&A&R第 &P 页 共 &N 页")
        if about.override:
            page.set_header("&C本期经人工放行发布，见“说明”")
