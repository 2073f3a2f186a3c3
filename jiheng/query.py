"""Questions to the published edition, in SQL: asked read-only, answered as a table that fits the terminal or as CSV."""

from __future__ import annotations

import difflib
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiheng.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import duckdb
    from rich.console import Console, RenderableType

EXAMPLES = PROJECT_ROOT / "docs" / "analyst" / "queries"
ROWS_SHOWN = 50
PIPE_WIDTH = 200
# Where a column would get fewer characters than this, rows are shown one under another instead.
NARROWEST_COLUMN = 9
MONEY_PLACES = 2
NUMBERS = re.compile(r"DECIMAL|(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)$|DOUBLE|FLOAT")
UNKNOWN_TABLE = re.compile(r"Table with name \"?(?P<name>[^\s\"!]+)")
UNKNOWN_COLUMN = re.compile(r"column \"(?P<name>[^\"]+)\" not found|column named \"(?P<other>[^\"]+)\"", re.IGNORECASE)


class QueryError(ValueError):
    """A question that cannot be answered: what is wrong with it, and in `hint` what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Example:
    """A question that analysts ask, in words and in SQL."""

    name: str
    question_zh: str
    question_en: str
    sql: str


@dataclass(frozen=True)
class Answer:
    """The first rows of an answer; `more` rows were not fetched. `seconds` is how long it took."""

    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]
    more: int
    seconds: float


def examples(folder: Path = EXAMPLES) -> list[Example]:
    """The example questions, by name. Raises ValueError for a file that does not begin with its question, twice."""
    return [_example(path) for path in sorted(folder.glob("*.sql"))]


def _example(path: Path) -> Example:
    sql = path.read_text(encoding="utf-8")
    found = re.match(r"-- (?P<zh>.+)\n-- (?P<en>.+)\n", sql)
    if found is None:
        raise ValueError(f"{path}: 前两行应为中文和英文的问题 · must begin with its question in Chinese and in English")
    return Example(path.stem, found["zh"], found["en"], sql)


def example(name: str, folder: Path = EXAMPLES) -> Example:
    """The example of that name. Raises QueryError, with the nearest names, where there is none."""
    known = {one.name: one for one in examples(folder)}
    if name not in known:
        near = _nearest(name, known) or sorted(known)
        raise QueryError(f"没有这个示例 no such example: {name}", f"{'、'.join(near)}；jiheng query --list")
    return known[name]


@contextmanager
def asking(warehouse: Path, variables: Mapping[str, str] | None = None, outlet: Path | None = None) -> Iterator[Asked]:
    """Open a warehouse for questions. They can change nothing and read or write no other file but `outlet`; SQL finds
    `variables` by getvariable(). Raises QueryError for a question that DuckDB refuses.
    """
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, value in (variables or {}).items():
            connection.execute(f"SET VARIABLE {_identifier(name)} = $1", [value])
        if outlet is not None:
            connection.execute("SET allowed_paths = [$1]", [str(outlet)])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            yield Asked(connection)
        except duckdb.Error as error:
            raise QueryError(str(error), _hint(connection, str(error))) from error


class Asked:
    """One opened warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def answer(self, sql: str, limit: int | None) -> Answer:
        """The first `limit` rows (all, without one), and how many more there are."""
        began = time.perf_counter()
        found = self._relation(sql)
        rows = (found.limit(limit) if limit is not None else found).fetchall()
        more = 0
        if limit is not None and len(rows) == limit:
            counted = found.aggregate("count(*)").fetchone()
            more = (counted[0] if counted else 0) - len(rows)
        columns = tuple(zip(found.columns, map(str, found.types), strict=True))
        return Answer(columns, rows, more, time.perf_counter() - began)

    def write_csv(self, sql: str, limit: int | None, outlet: Path) -> None:
        """Write the answer in the form of the edition's own CSV files."""
        from publish.warehouse import csv_columns

        found = self._relation(sql)
        columns = csv_columns(list(zip(found.columns, map(str, found.types), strict=True)))
        chosen = found if limit is None else found.limit(limit)
        chosen.project(columns).write_csv(str(outlet), sep=",", header=True)

    def _relation(self, sql: str) -> duckdb.DuckDBPyRelation:
        found = self._connection.sql(sql)
        if found is None:
            raise QueryError(
                "这条语句没有结果 this statement gives no rows", "以 SELECT 或 FROM 开头 · begin with SELECT"
            )
        return found


def as_csv(warehouse: Path, sql: str, limit: int | None, variables: Mapping[str, str]) -> bytes:
    """The answer as CSV, with a byte order mark for Excel. Raises QueryError."""
    with tempfile.TemporaryDirectory() as folder:
        outlet = Path(folder) / "answer.csv"
        with asking(warehouse, variables, outlet) as asked:
            asked.write_csv(sql, limit, outlet)
        return outlet.read_bytes()


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_]\w*", name):
        raise QueryError(f"变量名不对 not a variable's name: {name!r}", "--set department=某局")
    return name


# What to write instead


def _hint(connection: duckdb.DuckDBPyConnection, message: str) -> str:
    if found := UNKNOWN_TABLE.search(message):
        return _proposal(found["name"], _names(connection, "SELECT table_name FROM duckdb_tables()"), "表 tables")
    if found := UNKNOWN_COLUMN.search(message):
        name = (found["name"] or found["other"]).rpartition(".")[2]
        return _proposal(
            name, _names(connection, "SELECT column_name FROM duckdb_columns() WHERE NOT internal"), "列 columns"
        )
    if "disabled" in message or "read-only" in message:
        return "只能查询本期的表，不能改动，也不能读写别的文件 · only the edition's tables, and only to read"
    return "表和列的说明 tables and columns: site/dictionary.html; 示例 examples: jiheng query --list"


def _names(connection: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    return {name for (name,) in connection.execute(query).fetchall()}


def _proposal(name: str, known: set[str], kind: str) -> str:
    near = _nearest(name, known)
    return (
        f"相近的{kind} like it: {'、'.join(near)}" if near else "表和列的说明 tables and columns: site/dictionary.html"
    )


def _nearest(name: str, known: Mapping[str, Any] | set[str]) -> list[str]:
    """The most alike names; a name that holds what was asked for is alike however long it is."""
    within = sorted((one for one in known if name.lower() in one.lower()), key=len)
    alike = difflib.get_close_matches(name.lower(), sorted(known), n=4, cutoff=0.6)
    return list(dict.fromkeys([*alike, *within]))[:4]


# For the eye


def shown(answer: Answer, width: int) -> RenderableType:
    """A table where its columns fit into `width` characters, else each row's values one under another."""
    if not answer.columns or width // len(answer.columns) >= NARROWEST_COLUMN:
        return _table(answer)
    return _records(answer)


def _table(answer: Answer) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, kind in answer.columns:
        table.add_column(Text(name), justify="right" if NUMBERS.match(kind) else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(_cell(value) for value in row))
    return table


def _records(answer: Answer) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    parts: list[RenderableType] = []
    for number, row in enumerate(answer.rows, start=1):
        record = Table(box=None, show_header=False, pad_edge=False)
        record.add_column(style="dim", no_wrap=True)
        record.add_column(overflow="fold")
        for (name, _), value in zip(answer.columns, row, strict=True):
            record.add_row(Text(name), _cell(value))
        parts += [Text(f"── {number} ──", style="bold"), record]
    return Group(*parts)


def _cell(value: Any) -> RenderableType:
    from rich.text import Text

    return Text("null", style="dim") if value is None else Text(_plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        # Money keeps its two places; of longer fractions the zeros at the end say nothing.
        return text.rstrip("0").rstrip(".") if len(text.partition(".")[2]) > MONEY_PLACES else text
    if isinstance(value, list):
        return "、".join(map(_plain, value))
    return str(value)


def summary(answer: Answer) -> str:
    """How many rows there are and how long it took."""
    count = len(answer.rows)
    took = f"用时 {answer.seconds:.2f} 秒 · {answer.seconds:.2f} s"
    if answer.more:
        return f"显示前 {count:,} 行，另有 {answer.more:,} 行（--limit 0 全部显示） · {answer.more:,} more rows；{took}"
    return f"{count:,} 行 rows；{took}"


def list_of(found: Sequence[Example]) -> RenderableType:
    """The examples as a table: name, and the question in both languages."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for one in found:
        table.add_row(one.name, Text(f"{one.question_zh}\n{one.question_en}"))
    return table


def console() -> Console:
    """The terminal, as wide as its window; into a file or a pipe, where there is no window, `PIPE_WIDTH`."""
    from rich.console import Console as Terminal

    return Terminal() if sys.stdout.isatty() or "COLUMNS" in os.environ else Terminal(width=PIPE_WIDTH)
