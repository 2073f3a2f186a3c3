"""The data dictionary: what each table and column says, as a page, as CSV, and as a page of the documentation.

The words come from the tables `dictionary_table` and `dictionary_column`, which the warehouse makes from its own
definitions; only the examples are looked up in the data.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb

from jiheng.files import write_text
from publish import labels
from publish.data import Row, rows
from publish.warehouse import BYTE_ORDER_MARK, FORMULA_START, opened, quoted

CSV_NAME = "dictionary.csv"
EXAMPLES = 2
# A longer example is cut here: it shows what a value looks like, and the table itself has it whole.
LONGEST_EXAMPLE = 60
TABLE_FIELDS = ("subject", "owner", "grain_zh", "grain_en", "note_zh", "note_en")
TABLE_LISTS = ("key_columns", "made_from", "lake_tables", "used_by")
COLUMN_FIELDS = (
    *("column_number", "column_name", "data_type", "description_zh", "description_en"),
    *("is_key", "is_required", "refers_to"),
)


@dataclass(frozen=True)
class Table:
    """A published table: its row of `dictionary_table`, those of its columns, and examples by column, where asked for.
    An example of None is a null.
    """

    facts: Row
    columns: list[Row]
    examples: list[dict[str, str | None]]

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.facts["table_name"])


def described(con: duckdb.DuckDBPyConnection, examples: int = 0) -> list[Table]:
    """Every table that the dictionary describes, by subject and name, with so many example rows."""
    columns = rows(con, "SELECT * FROM main.dictionary_column ORDER BY table_name, column_number")
    by_table = {name: list(found) for name, found in groupby(columns, key=lambda row: row["table_name"])}
    order = {code: place for place, code in enumerate(labels.codes("subject"))}
    tables = sorted(
        rows(con, "SELECT * FROM main.dictionary_table"),
        key=lambda row: (order.get(row["subject"], len(order)), row["table_name"]),
    )
    return [
        Table(facts, own, _examples(con, facts, own, examples) if examples else [])
        for facts in tables
        for own in (by_table.get(facts["table_name"], []),)
    ]


def _examples(
    con: duckdb.DuckDBPyConnection, facts: Row, columns: Sequence[Row], number: int
) -> list[dict[str, str | None]]:
    """The rows with the fewest nulls, and among these the first by the key: the same edition shows the same ones."""
    table, names = quoted(facts["table_name"]), [quoted(column["column_name"]) for column in columns]
    nulls = " + ".join(f"({name} IS NULL)::INTEGER" for name in names)
    order = ", ".join([nulls, *([quoted(name) for name in facts["key_columns"]] or names)])
    chosen = f"SELECT {', '.join(names)} FROM main.{table} ORDER BY {order} LIMIT {number}"
    return [
        {name: _shortened(value) for name, value in row.items()}
        for row in rows(con, f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({chosen})")
    ]


def _shortened(value: str | None) -> str | None:
    return value if value is None or len(value) <= LONGEST_EXAMPLE else value[: LONGEST_EXAMPLE - 1] + "…"


def load(edition: Path) -> list[Table]:
    """The dictionary of an edition, with example rows. Raises duckdb.Error where the warehouse has none."""
    with opened(edition) as con:
        return described(con, EXAMPLES)


def page(edition: Path, row_counts: dict[str, int]) -> Row:
    """The dictionary page: tables by subject, each with its columns and examples, and how many rows it has."""
    tables = load(edition)
    subjects = [(code, list(found)) for code, found in groupby(tables, key=lambda table: table.facts["subject"])]
    return {"subjects": subjects, "row_counts": row_counts, "published": {table.name for table in tables}}


def write_csv(edition: Path) -> None:
    """Write `dictionary.csv`: one line a column, with its table's facts, in the form of the edition's other CSV."""
    tables = load(edition)
    examples = [f"example_{number}" for number in range(1, EXAMPLES + 1)]
    head = ["table_name", *COLUMN_FIELDS, "allowed_values", *examples, *TABLE_FIELDS, *TABLE_LISTS]
    lines = [[_safe(value) for value in line] for table in tables for line in _lines(table)]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([head, *lines])
    write_text(edition / CSV_NAME, BYTE_ORDER_MARK + buffer.getvalue())


def _lines(table: Table) -> Iterable[list[object]]:
    shown: list[dict[str, str | None]] = [*table.examples, *[{}] * EXAMPLES][:EXAMPLES]
    facts = [table.facts[name] for name in TABLE_FIELDS] + [_joined(table.facts[name]) for name in TABLE_LISTS]
    for column in table.columns:
        fields = [column[name] for name in COLUMN_FIELDS]
        examples = [row.get(column["column_name"]) for row in shown]
        yield [table.name, *fields, _joined(column["allowed_values"]), *examples, *facts]


def _joined(values: Sequence[str] | None) -> str:
    return "; ".join(values or ())


def _safe(value: object) -> object:
    """A text that a spreadsheet would run gets a leading quotation mark, as everywhere in an edition."""
    return f"'{value}" if isinstance(value, str) and re.match(FORMULA_START, value) else value


# The page of the documentation


MARKDOWN_HEAD = """# 数据字典 · Data dictionary

由数据仓库的定义生成（`make docs`），请勿手改。 Generated from the warehouse's definitions; edit those, not this.

每期的 `site/dictionary.html` 与 `dictionary.csv` 另有示例行；`datapackage.json` 供程序读取。 Each edition has the same
with example rows, and `datapackage.json` for programs. **粗体** bold: key · *斜体* italics: always there.

"""


def as_markdown(tables: Iterable[Table]) -> str:
    """The dictionary as Markdown: contents by subject, then one section a table."""
    found = list(tables)
    contents = "".join(_contents(code, list(own)) for code, own in groupby(found, key=lambda one: one.facts["subject"]))
    return MARKDOWN_HEAD + contents + "\n" + "\n".join(_section(table) for table in found)


def _contents(subject: str, tables: list[Table]) -> str:
    links = " · ".join(f"[`{table.name}`](#{table.name})" for table in tables)
    return f"- {labels.zh('subject', subject)} {labels.en('subject', subject)}: {links}\n"


def _section(table: Table) -> str:
    facts = table.facts
    lists = (
        ("键 key", facts["key_columns"]),
        ("来自 made from", facts["made_from"]),
        ("数据湖的表 tables of the lake", facts["lake_tables"]),
    )
    said = [f"{word}: {', '.join(f'`{name}`' for name in names)}" for word, names in lists if names]
    said.append(f"负责 owner: {facts['owner']}")
    if facts["used_by"]:
        said.append(f"用于 used by: {', '.join(facts['used_by'])}")
    return (
        f"## {table.name}\n\n{facts['grain_zh']}{facts['note_zh']}\n{facts['grain_en']} {facts['note_en']}".rstrip()
        + f"\n\n{' · '.join(said)}\n\n| 列 column | 类型 type | 含义 | meaning |\n| --- | --- | --- | --- |\n"
        + "".join(_column_line(column) for column in table.columns)
    )


def _column_line(column: Row) -> str:
    mark = "**" if column["is_key"] else "*" if column["is_required"] else ""
    further = f" → `{column['refers_to']}`" if column["refers_to"] else ""
    if column["allowed_values"]:
        further += "：" + ", ".join(f"`{value}`" for value in column["allowed_values"])
    cells = (
        f"{mark}`{column['column_name']}`{mark}",
        column["data_type"],
        column["description_zh"] + further,
        column["description_en"],
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
