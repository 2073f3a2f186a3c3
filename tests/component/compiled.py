"""The SQL of the project's models, compiled by dbt once and run over tables that a test makes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.component.small_lake import PLACE, PROJECT

Rows = dict[str, list[dict[str, Any]]]


def compiled_models(home: Path, models: Sequence[str], variables: dict[str, str] | None = None) -> dict[str, str]:
    """For each model what stands behind CREATE TABLE, for a database called `warehouse`."""
    from dbt.cli.main import dbtRunner

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIHENG_LAKE", str(home))
        patch.setenv("JIHENG_BUILD_DB", f"{PLACE.name}/warehouse.duckdb")
        result = dbtRunner().invoke(
            ["--quiet", "compile", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--select", *models,
             "--indirect-selection", "empty", "--target-path", f"{PLACE.name}/target", "--log-path", str(home / "logs"),
             "--vars", json.dumps(variables or {})]
        )  # fmt: skip
    assert result.success, result.exception
    return {one.node.name: f"{one.node.schema}.{one.node.name} AS {one.node.compiled_code}" for one in result.result}


def warehouse(schema: str, found: Rows) -> duckdb.DuckDBPyConnection:
    """A database in memory with these tables and rows; a column that a row does not name is null."""
    con = duckdb.connect()
    con.execute("ATTACH ':memory:' AS warehouse; USE warehouse;" + schema)
    for table, rows in found.items():
        names = [name for name, *_ in con.execute(f"DESCRIBE {table}").fetchall()]
        marks = ", ".join("?" for _ in names)
        if rows:
            con.executemany(
                f"INSERT INTO {table} VALUES ({marks})", [[row.get(name) for name in names] for row in rows]
            )
    return con


def table(con: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    """The rows of a table, in the order they lie in."""
    cursor = con.execute(f"FROM {name}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def seed(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load a seed of the project with the types that dbt gives it."""
    described = yaml.safe_load((PROJECT / "seeds" / "seeds.yml").read_text(encoding="utf-8"))["seeds"]
    (types,) = (one["config"]["column_types"] for one in described if one["name"] == name)
    columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
    con.execute(f"CREATE TABLE main.{name} ({columns})")
    con.execute(f"COPY main.{name} FROM '{PROJECT}/seeds/{name}.csv' (HEADER)")
