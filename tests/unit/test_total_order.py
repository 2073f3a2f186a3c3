"""The order of an edition's tables: the shortest run of leading columns that tells all rows apart."""

from __future__ import annotations

import duckdb
import pytest

from publish.warehouse import total_order

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
