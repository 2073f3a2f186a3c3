"""The tables of an edition: copied out of the build, exported for other tools, and digested for comparison."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from jiheng.files import written_beside

WAREHOUSE_NAME = "warehouse.duckdb"
# Folders of an edition with every table once more, for other tools.
PARQUET, CSV = EXPORTS = ("parquet", "csv")
# The newest file format that every DuckDB from 1.2 on can open; newer formats shut older clients out.
STORAGE_VERSION = "v1.2.0"
# Names of an edition, not facts about submissions: two nights are compared without them.
EDITION_COLUMNS = frozenset({"edition_id"})
# Excel and WPS run a cell that starts so as a formula, the full-width forms included.
# What nobody sees may stand before the sign. Written as characters: Python and DuckDB spell their escapes differently.
UNSEEN = "\u00a0\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff"
FORMULA_START = rf"^[\s\x00-\x20{UNSEEN}]*[=+\-@＝＋－＠]"
# The Table Schema's own form of a moment, which every tool reads without being told; a microsecond may matter.
CSV_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
BYTE_ORDER_MARK = "\ufeff"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal, for statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def opened(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the edition's warehouse, times in UTC so that every machine reads the same text."""
    con = duckdb.connect(str(edition / WAREHOUSE_NAME), read_only=True)
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_progress_bar = false")
        yield con
    finally:
        con.close()


def tables(con: duckdb.DuckDBPyConnection, database: str | None = None) -> list[str]:
    """Names of the tables in schema `main` of `database` (by default the current one), sorted."""
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND NOT internal "
        "AND database_name = coalesce(?, current_database()) ORDER BY table_name",
        [database],
    ).fetchall()
    return [name for (name,) in rows]


def columns(con: duckdb.DuckDBPyConnection, table: str, database: str | None = None) -> list[tuple[str, str]]:
    """(name, type) of each column of a table of schema `main`, in the table's own order."""
    return con.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = ? "
        "AND database_name = coalesce(?, current_database()) ORDER BY column_index",
        [table, database],
    ).fetchall()


def export_warehouse(build_db: Path, edition: Path) -> None:
    """Copy every table of schema `main` of the build into the edition's own file, in total order, with comments.

    Views and the schemas of staging and intermediate models stay behind. Raises FileNotFoundError without a build.
    """
    if not build_db.is_file():
        raise FileNotFoundError(f"no build database at {build_db}")
    edition.mkdir(parents=True, exist_ok=True)
    with written_beside(edition / WAREHOUSE_NAME, synced=False) as target:
        target.unlink()  # DuckDB makes the file itself and refuses an empty one
        con = duckdb.connect()
        try:
            con.execute("SET enable_progress_bar = false")
            con.execute(f"ATTACH {literal(str(build_db))} AS build (READ_ONLY)")
            con.execute(f"ATTACH {literal(str(target))} AS edition (STORAGE_VERSION {literal(STORAGE_VERSION)})")
            for table in tables(con, "build"):
                _copy_table(con, table)
            con.execute("DETACH edition")
        finally:
            con.close()


def _copy_table(con: duckdb.DuckDBPyConnection, table: str) -> None:
    order = total_order(con, table, "build")
    name = quoted(table)
    con.execute(f"CREATE TABLE edition.main.{name} AS SELECT * FROM build.main.{name} ORDER BY {order}")
    for kind, column, comment in _comments(con, table):
        target = f"edition.main.{name}" + (f".{quoted(column)}" if column else "")
        con.execute(f"COMMENT ON {kind} {target} IS {literal(comment)}")


def _comments(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str, str]]:
    return con.execute(
        "SELECT 'TABLE', '', comment FROM duckdb_tables() "
        "WHERE database_name = 'build' AND schema_name = 'main' AND table_name = $1 AND comment IS NOT NULL "
        "UNION ALL SELECT 'COLUMN', column_name, comment FROM duckdb_columns() "
        "WHERE database_name = 'build' AND schema_name = 'main' AND table_name = $1 AND comment IS NOT NULL",
        [table],
    ).fetchall()


def total_order(con: duckdb.DuckDBPyConnection, table: str, database: str | None = None) -> str:
    """The ORDER BY list that leaves no two rows in doubt: the shortest run of leading columns that tells all rows
    apart, else all columns. Column order in the warehouse puts the key first, so this is nearly always the key.
    """
    names = [quoted(name) for name, _ in columns(con, table, database)]
    source = f"{quoted(database)}.main.{quoted(table)}" if database else f"main.{quoted(table)}"
    for length in range(1, len(names)):
        row = ", ".join(names[:length])
        if _may_tell_apart(con, row, source):
            twice = con.execute(f"SELECT 1 FROM {source} GROUP BY {row} HAVING count(*) > 1 LIMIT 1").fetchone()
            if not twice:
                return row
    return ", ".join(names)


def _may_tell_apart(con: duckdb.DuckDBPyConnection, row: str, source: str) -> bool:
    """Whether the columns have nearly as many values as there are rows, by an estimate that errs by a few hundredths:
    it costs little, and most runs of columns fail it.
    """
    found = con.execute(f"SELECT approx_count_distinct(hash({row})) >= count(*) // 2 FROM {source}").fetchone()
    return bool(found and found[0])


def write_exports(edition: Path) -> None:
    """Write `parquet/<table>.parquet` and `csv/<table>.csv` for every table, rows as they lie, which is in total order:
    DuckDB keeps the order of what it reads from one table.

    Parquet is exact. CSV is UTF-8 with a byte order mark, because Excel reads Chinese wrongly without one; lists are
    JSON; times are ISO 8601 in UTC; null is an empty field and empty text is `""`; a text that a spreadsheet would run
    gets a leading `'`.
    """
    for folder in EXPORTS:
        (edition / folder).mkdir(exist_ok=True)
    with opened(edition) as con:
        for table in tables(con):
            rows = f"SELECT * FROM main.{quoted(table)}"
            _copy_to(con, rows, edition / PARQUET / f"{table}.parquet", "FORMAT parquet, COMPRESSION zstd")
            rows = f"SELECT {csv_columns(columns(con, table))} FROM main.{quoted(table)}"
            _copy_to(con, rows, edition / CSV / f"{table}.csv", "FORMAT csv, HEADER, DELIMITER ','")


def _copy_to(con: duckdb.DuckDBPyConnection, query: str, path: Path, options: str) -> None:
    with written_beside(path, synced=False) as target:
        con.execute(f"COPY ({query}) TO {literal(str(target))} ({options})")


def csv_columns(found: Sequence[tuple[str, str]]) -> str:
    """The select list that gives columns (name, type) the form that they have in CSV; see `write_exports`."""
    parts = []
    for position, (name, kind) in enumerate(found):
        column = quoted(name)
        if kind == "VARCHAR":
            value = f"CASE WHEN regexp_matches({column}, '{FORMULA_START}') THEN '''' || {column} ELSE {column} END"
        elif kind.endswith("[]"):
            value = f"CAST(to_json({column}) AS VARCHAR)"
        elif kind == "TIMESTAMP WITH TIME ZONE":
            value = f"strftime({column} AT TIME ZONE 'UTC', '{CSV_TIME}')"
        else:
            value = column
        # The mark rides on the first column's name: DuckDB's CSV writer has no option for it.
        parts.append(f"{value} AS {quoted((BYTE_ORDER_MARK if position == 0 else '') + name)}")
    return ", ".join(parts)


def table_digests(edition: Path) -> dict[str, str]:
    """SHA-256 of each table's content (column names, types, rows), without `edition_id`: equal content, equal digest.

    Rows are digested one by one and then put in the order of their digests, so the order in the file plays no part.
    """
    with opened(edition) as con:
        return {table: _table_digest(con, table) for table in tables(con)}


def _table_digest(con: duckdb.DuckDBPyConnection, table: str) -> str:
    kept = [(name, kind) for name, kind in columns(con, table) if name not in EDITION_COLUMNS]
    total = hashlib.sha256(repr(kept).encode())
    fields = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name, _ in kept)
    rows = con.execute(
        f"WITH digested AS (SELECT sha256(CAST(to_json([{fields}]) AS VARCHAR)) AS digest FROM main.{quoted(table)}) "
        "SELECT left(digest, 2) AS bucket, sha256(string_agg(digest, '' ORDER BY digest)) "
        "FROM digested GROUP BY bucket ORDER BY bucket"
    ).fetchall()
    for bucket, digest in rows:
        total.update(f"{bucket}{digest}".encode())
    return total.hexdigest()


def row_counts(edition: Path) -> dict[str, int]:
    """The number of rows of each table."""
    with opened(edition) as con:
        counts = {}
        for table in tables(con):
            row = con.execute(f"SELECT count(*) FROM main.{quoted(table)}").fetchone()
            counts[table] = int(row[0]) if row else 0
        return counts
