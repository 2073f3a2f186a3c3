"""The order of an edition's tables: the shortest run of leading columns that tells all rows apart."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from publish.warehouse import export_warehouse, total_order, write_exports

ROWS = "FROM range(5000) AS rows(n)"


@pytest.mark.parametrize(
    ("query", "order"),
    [
        (f"SELECT n AS a, 1 AS b {ROWS}", '"a"'),
        (f"SELECT n // 70 AS a, n % 70 AS b, n AS c {ROWS}", '"a", "b"'),
        # Nearly all rows differ in the first column, and two do not.
        (f"SELECT greatest(n, 1) AS a, n AS b, 0 AS c {ROWS}", '"a", "b"'),
        ("SELECT * FROM (VALUES (NULL, 1, 0), (NULL, 2, 0)) AS rows(a, b, c)", '"a", "b"'),
        ("SELECT * FROM (VALUES (1, 1, 0), (1, 1, 0)) AS rows(a, b, c)", '"a", "b", "c"'),
        ("SELECT 1 AS a, 2 AS b WHERE false", '"a"'),
    ],
)
def test_the_shortest_run_of_columns_orders_a_table(query: str, order: str) -> None:
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t AS {query}")
        assert total_order(con, "t") == order


def test_exports_are_in_total_order_whatever_the_build_had(tmp_path: Path) -> None:
    """More rows than DuckDB reads in one go, in an order of their own."""
    with duckdb.connect(str(tmp_path / "build.duckdb")) as con:
        con.execute("CREATE TABLE many AS SELECT n FROM range(400000) AS rows(n) ORDER BY hash(n)")
    export_warehouse(tmp_path / "build.duckdb", tmp_path)
    write_exports(tmp_path)
    in_order = [(n,) for n in range(400_000)]
    assert duckdb.sql(f"FROM '{tmp_path}/parquet/many.parquet'").fetchall() == in_order
    lines = (tmp_path / "csv" / "many.csv").read_text(encoding="utf-8-sig").split()
    assert lines == ["n", *map(str, range(400_000))]
