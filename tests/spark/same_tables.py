"""The same lake, built on DuckDB and on Spark: every published table is the same, to the last decimal.

The lake has the sample province as it was read, and beside it nights in which everything happens: versions,
withdrawals, waivers, decisions, a renamed department, and an edition before this one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from jiheng import warehouse
from jiheng.settings import PROJECT_ROOT, Settings
from jiheng.spark.cluster import Cluster
from publish.warehouse import columns, export_warehouse, tables, write_exports
from tests.component import test_acts_in_warehouse as acts
from tests.component import test_movements as movements
from tests.component.small_lake import NEXT_NIGHT, NIGHT, Rows, land

pytestmark = pytest.mark.timeout(1200)
FIRST = {"as_of": NIGHT.isoformat(), "as_of_day": "2025-04-03", "edition_id": "first"}
SAMPLE = PROJECT_ROOT / "samples" / "province"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with its lake, and the edition of its first night."""
    home = tmp_path_factory.mktemp("home")
    lake = home / "lake"
    read_sample(home)
    land(lake, "1-first", NIGHT, movements.first_night())
    land(lake, "2-second", NEXT_NIGHT, movements.second_night())
    land(lake, "3-acts", NEXT_NIGHT, decided())
    first = home / "first"
    warehouse.build(Settings(home), first / "build.duckdb", FIRST, tests=False)
    export_warehouse(first / "build.duckdb", first)
    write_exports(first)
    return home


def decided() -> Rows:
    """What people decided on the sample's reports is nothing; on those of the small lake it is everything."""
    return {"act": [row for row in acts.acts() if row["kind"] != "withdrawal"]}


def read_sample(home: Path) -> None:
    command = ("intake", "--inbox", str(SAMPLE / "inbox"), "--registers", str(SAMPLE / "registers"))
    environment = os.environ | {"JIHENG_HOME": str(home), "JIHENG_SETTLE_SECONDS": "0"}
    subprocess.run(
        [sys.executable, "-m", "jiheng", *command], env=environment, cwd=PROJECT_ROOT, check=True, capture_output=True
    )


@pytest.fixture(scope="module")
def built(home: Path) -> Callable[[Settings], Path]:
    """Builds tonight's warehouse on an engine, with all its data tests."""

    def build(settings: Settings) -> Path:
        variables = {
            "as_of": datetime(9999, 1, 1, tzinfo=UTC).isoformat(),
            "as_of_day": date(2026, 1, 1).isoformat(),
            "edition_id": "tonight",
            "previous_edition": str(home / "first"),
        }
        path = home / f"{settings.engine}.duckdb"
        result = warehouse.build(settings, path, variables)
        assert result.models > 100 and result.tests > 200 and not result.failures, result.failures
        return path

    return build


@pytest.fixture(scope="module")
def on_duckdb(home: Path, built: Callable[[Settings], Path]) -> Path:
    return built(Settings(home))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if not shutil.which("java"):
        pytest.fail("Spark needs Java")
    with Cluster(tmp_path_factory.mktemp("cluster"), workers=2).running() as started:
        yield started


def test_in_one_process(home: Path, on_duckdb: Path, built: Callable[[Settings], Path]) -> None:
    assert differences(on_duckdb, built(Settings(home, engine="spark_session"))) == []


def test_on_a_cluster_of_two_workers(
    home: Path, on_duckdb: Path, built: Callable[[Settings], Path], cluster: Cluster
) -> None:
    assert differences(on_duckdb, built(Settings(home, engine="spark_cluster", spark_remote=cluster.remote))) == []
    assert cluster.worked() == 2, "both workers have run parts of it"


def test_what_is_compared_is_not_nothing(on_duckdb: Path) -> None:
    """Tables that are empty here are the same on every engine; few may be, and they are named."""
    with duckdb.connect(str(on_duckdb), read_only=True) as con:
        names = tables(con)
        empty = {name for name in names if not con.execute(f'SELECT 1 FROM main."{name}" LIMIT 1').fetchone()}
    assert len(names) > 70
    assert empty == {"gate_result", "fct_vote"}


def differences(one: Path, other: Path) -> list[str]:
    """Tables, columns, types, comments and rows in which two warehouses differ. Rows are compared as a bag: their order
    says nothing.
    """
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(f"ATTACH '{one}' AS one (READ_ONLY); ATTACH '{other}' AS other (READ_ONLY)")
        names = tables(con, "one")
        if names != tables(con, "other"):
            return [f"tables: {sorted(set(names) ^ set(tables(con, 'other')))}"]
        return [name for name in names if described(con, "one", name) != described(con, "other", name)] + [
            f"{name}: {count} rows of {side}"
            for name in names
            for side, against in (("one", "other"), ("other", "one"))
            if (count := rows_only_in(con, side, against, name))
        ]


def described(con: duckdb.DuckDBPyConnection, database: str, table: str) -> list[tuple[str, str, str]]:
    comments = con.execute(
        "SELECT comment FROM duckdb_columns() WHERE database_name = ? AND table_name = ? ORDER BY column_index",
        [database, table],
    ).fetchall()
    return [(*column, *comment) for column, comment in zip(columns(con, table, database), comments, strict=True)]


def rows_only_in(con: duckdb.DuckDBPyConnection, side: str, against: str, table: str) -> int:
    found = con.execute(
        f'SELECT count(*) FROM (FROM {side}.main."{table}" EXCEPT ALL FROM {against}.main."{table}")'
    ).fetchone()
    return int(found[0]) if found else 0
