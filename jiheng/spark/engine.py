"""A build on Spark: its tables lie as Parquet in a folder of the run, and in the end in the DuckDB file as ever."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

# The schemas of the dbt project; a cluster may know those of an earlier build.
SCHEMAS = ("main", "intermediate", "staging")
PUBLISHED = "main"


class EngineError(RuntimeError):
    """Spark is not in the environment that a build was begun in."""


@contextmanager
def building(tables: Path, remote: str | None) -> Iterator[None]:
    """Let dbt build into the folder `tables`, on the cluster behind the address `remote` or in this process."""
    try:
        from jiheng.spark.adapter import install
    except ImportError as error:
        raise EngineError(
            "这个环境里没有 Spark：先 make spark，再用 .venv-spark/bin/jiheng"
            f" · Spark is not in this environment: make spark, then .venv-spark/bin/jiheng ({error})"
        ) from error

    install()
    shutil.rmtree(tables, ignore_errors=True)
    if remote:
        _forget_earlier_builds(remote)
    try:
        yield
    finally:
        _end_session()


def collect(tables: Path, nodes: Iterable[Any], database: Path) -> None:
    """Copy every published table that stands into `database`, with the comments that dbt would have given it."""
    with duckdb.connect(str(database)) as con:
        con.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        for node in nodes:
            folder = tables / PUBLISHED / node.name
            if node.resource_type in ("model", "seed") and node.schema == PUBLISHED and folder.is_dir():
                _copy(con, folder, node)


def _copy(con: duckdb.DuckDBPyConnection, folder: Path, node: Any) -> None:
    con.execute(f"CREATE TABLE main.{node.name} AS FROM read_parquet('{_escaped(str(folder))}/*.parquet')")
    con.execute(f"COMMENT ON TABLE main.{node.name} IS '{_escaped(node.description)}'")
    for column in node.columns.values():
        con.execute(f"""COMMENT ON COLUMN main.{node.name}."{column.name}" IS '{_escaped(column.description)}'""")


def _escaped(text: str) -> str:
    return text.replace("'", "''")


def _forget_earlier_builds(remote: str) -> None:
    """Begin the session that dbt's threads will share, on a cluster without tables."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.remote(remote).getOrCreate()
    for schema in SCHEMAS:
        session.sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def _end_session() -> None:
    """A session that is left open waits for its cluster for ever, also when that is gone."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    with suppress(PySparkRuntimeError):
        SparkSession.active().stop()
