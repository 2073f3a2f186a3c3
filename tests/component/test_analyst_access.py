"""What an analyst gets beside the tables: the dictionary, the data package, the measures and the semantic layer."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jiheng import handbook, query
from jiheng.airflow import models
from publish import datapackage, dictionary, editions, site
from publish.warehouse import columns, opened, tables
from tests.component import edition_fixture
from tests.component.small_lake import NIGHT, NO_UNIT_TESTS, PROJECT, build, land
from tests.component.test_warehouse import first_night

CHINESE = re.compile("[一-鿿]")
METRICS = ("execution_rate", "completion_rate", "verified_share", "acceptance_rate", "on_time_share")


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small lake's warehouse, as an edition with everything that is written for analysts."""
    root, home = tmp_path_factory.mktemp("lake"), tmp_path_factory.mktemp("build")
    land(root, "0-genesis", datetime(1970, 1, 1, tzinfo=UTC), {})
    land(root, "1-first", NIGHT, first_night())
    built = build(root, home, NIGHT, *NO_UNIT_TESTS)
    made = home / "edition"
    editions.export_warehouse(built.path, made)
    editions.begin(made, edition_fixture.facts("e1"))
    editions.write_exports(made)
    dictionary.write_csv(made)
    datapackage.write(made)
    site.render(made)
    return made


@pytest.fixture
def warehouse(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(edition) as con:
        yield con


def table_row(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    [table] = [table for table in dictionary.described(con) if table.name == name]
    return table.facts


# The dictionary


def test_the_dictionary_names_every_published_column_in_its_place(warehouse: duckdb.DuckDBPyConnection) -> None:
    told = {
        table.name: [(column["column_name"], plain(column["data_type"])) for column in table.columns]
        for table in dictionary.described(warehouse)
    }
    there = {name: [(one, plain(kind)) for one, kind in columns(warehouse, name)] for name in tables(warehouse)}
    assert told == there


def plain(kind: str) -> str:
    return kind.lower().replace(" ", "").replace('"', "")


def test_every_word_of_it_is_there_in_both_languages(warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in dictionary.described(warehouse):
        assert table.facts["grain_zh"].startswith("一行是") and table.facts["grain_en"].startswith("One row is")
        assert CHINESE.search(table.facts["note_zh"]) or not table.facts["note_zh"]
        assert table.facts["owner"] and table.facts["key_columns"], table.name
        assert {*table.facts["key_columns"]} <= {column["column_name"] for column in table.columns}
        for column in table.columns:
            assert CHINESE.search(column["description_zh"]), column
            assert re.match(r"[A-Za-z0-9%`]", column["description_en"]), column


def test_the_key_tells_all_rows_apart(warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in dictionary.described(warehouse):
        key = ", ".join(f'"{name}"' for name in table.facts["key_columns"])
        twice = f'SELECT {key} FROM "{table.name}" GROUP BY ALL HAVING count(*) > 1'
        assert warehouse.execute(twice).fetchall() == [], table.name


def test_lineage_is_that_of_the_project(warehouse: duckdb.DuckDBPyConnection) -> None:
    ranks = table_row(warehouse, "rank_division")
    assert {"claim", "division", "due_submission", "submission_version"} <= set(ranks["lake_tables"])
    assert "ranking_methods" in ranks["made_from"] and not any(one.startswith("int_") for one in ranks["made_from"])
    assert any("Bulletin" in label for label in ranks["used_by"])
    assert table_row(warehouse, "fct_expenditure")["made_from"] == [
        "dim_submission",
        "fct_claim",
        "reconciliation_policies",
    ]
    assert table_row(warehouse, "functions")["lake_tables"] == []
    found = warehouse.execute(
        "SELECT refers_to FROM dictionary_column WHERE table_name = 'fct_budget' AND column_name = 'claim_id'"
    ).fetchone()
    assert found == ("fct_claim.claim_id",)


def test_every_product_is_an_exposure(warehouse: duckdb.DuckDBPyConnection) -> None:
    used = {label for table in dictionary.described(warehouse) for label in table.facts["used_by"]}
    for product in ("Filing page", "Receipts", "Reminders", "workbook", "Bulletin", "Review queue", "dictionary"):
        assert any(product in label for label in used), product


def test_examples_are_the_fullest_rows(edition: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    shown = {table.name: table for table in dictionary.load(edition)}
    for name, table in shown.items():
        counted = warehouse.execute(f'SELECT least(count(*), 2) FROM "{name}"').fetchone()
        assert counted == (len(table.examples),), name
    fewest = min(sum(value is None for value in row) for row in warehouse.execute("FROM dim_division").fetchall())
    assert sum(value is None for value in shown["dim_division"].examples[0].values()) == fewest
    assert all(
        len(value or "") <= dictionary.LONGEST_EXAMPLE
        for table in shown.values() for row in table.examples for value in row.values()
    )  # fmt: skip


def test_the_page_and_the_csv_say_what_the_tables_say(edition: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    html = (edition / "site" / "dictionary.html").read_text(encoding="utf-8")
    assert sorted(re.findall(r'<section class="card" id="(\w+)">', html)) == tables(warehouse)
    anchors = set(re.findall(r'id="(\w+)"', html))
    assert set(re.findall(r'href="#(\w+)"', html)) - {"content"} <= anchors | {"content"}
    assert "每张表、每一列的含义" in (edition / "site" / "downloads.html").read_text(encoding="utf-8")
    with (edition / "dictionary.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    [count] = warehouse.execute("SELECT count(*) FROM dictionary_column").fetchone() or (0,)
    assert len(lines) == count
    [line] = [line for line in lines if (line["table_name"], line["column_name"]) == ("dim_division", "kind")]
    assert line["allowed_values"].startswith("province; prefecture; ") and line["owner"] == "信息中心"
    assert line["example_1"] and line["description_zh"] == "区划类型"


def test_the_documentation_has_todays_dictionary_and_methods_and_airflow_todays_models() -> None:
    assert handbook.DICTIONARY.read_text(encoding="utf-8") == handbook.dictionary(), "run `make docs`"
    assert handbook.METHODS.read_text(encoding="utf-8") == handbook.methods(), "run `make docs`"
    assert models.GRAPH.read_text(encoding="utf-8") == handbook.graph(), "run `make docs`"


# The data package


def test_the_data_package_is_valid_for_a_tool_that_knows_nothing_of_us(edition: Path) -> None:
    from frictionless import Package, system

    with system.use_context(trusted=True):
        package = Package(str(edition / "datapackage.json"))
        report = package.validate()
    assert [error.message for task in report.tasks for error in task.errors] == [] and report.valid
    assert {resource.name for resource in package.resources} == {path.stem for path in (edition / "csv").glob("*.csv")}


def test_the_data_package_gives_types_keys_and_words(edition: Path) -> None:
    from frictionless import Package

    schema = Package(str(edition / "datapackage.json")).get_resource("rank_division").schema
    assert schema.primary_key == ["edition_id", "method_id", "fiscal_year", "division_key"]
    kinds = {field.name: field.type for field in schema.fields}
    assert (kinds["score"], kinds["rank"], kinds["is_tied"], kinds["league"]) == (
        "number",
        "integer",
        "boolean",
        "string",
    )
    assert schema.get_field("rank_low").title == "90%区间中较好的名次"


def test_a_damaged_csv_is_found_by_the_data_package(edition: Path, tmp_path: Path) -> None:
    from frictionless import Package

    copy = tmp_path / "edition"
    shutil.copytree(edition, copy)
    path = copy / "csv" / "rank_division.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("true", "perhaps", 1), encoding="utf-8")
    report = Package(str(copy / "datapackage.json")).get_resource("rank_division").validate()
    assert {error.type for task in report.tasks for error in task.errors} >= {"type-error"}


# Measures


def test_measures_count_what_the_filing_page_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    counts = warehouse.execute("""
        SELECT division_key, fiscal_year, sum(received), sum(accepted), sum(on_time), sum(on_time_of)
        FROM measure_department GROUP BY ALL ORDER BY ALL
    """).fetchall()
    shown = warehouse.execute("""
        SELECT division_key, fiscal_year, received, accepted, coalesce(on_time, 0), coalesce(on_time_of, 0)
        FROM filing_division ORDER BY ALL
    """).fetchall()
    assert counts == shown and any(row[4] for row in counts)


def test_measures_are_those_of_the_rankings(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute("""
        SELECT r.score, r.execution_score - 20 * least(m.spent_yuan / m.adjusted_budget_yuan, 1),
          r.outcome_score - 40 * m.completion_sum / m.outcomes, r.verified_share - m.verified_claims / m.core_claims
        FROM rank_department r JOIN measure_department m USING (department_key, fiscal_year)
        WHERE r.is_ranked AND r.execution_score IS NOT NULL AND r.outcome_score IS NOT NULL
    """).fetchall()
    assert len(rows) >= 2
    for _, *differences in rows:
        assert differences == pytest.approx([0, 0, 0], abs=1e-6)


def test_the_semantic_layer_gives_the_same_numbers_as_sql(edition: Path, tmp_path: Path) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    shutil.copy(edition / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("CREATE SCHEMA intermediate")
        con.execute("CREATE TABLE intermediate.int_day AS SELECT DATE '2024-12-31' AS day_on")
    metrics(tmp_path, "dbt", "--quiet", "--no-version-check", "parse")
    group = "department_year__league"
    asked = ("query", "--metrics", ",".join(METRICS), "--group-by", group, "--csv", str(tmp_path / "out.csv"))
    metrics(tmp_path, "-m", "dbt_metricflow.cli.main", *asked)
    with opened(edition) as con:
        ours = con.execute("""
            SELECT league, sum(spent_yuan) / sum(adjusted_budget_yuan), sum(completion_sum) / sum(outcomes),
              sum(verified_claims) / sum(core_claims), sum(accepted) / sum(received), sum(on_time) / sum(on_time_of)
            FROM measure_department GROUP BY league ORDER BY league
        """).fetchall()
    with (tmp_path / "out.csv").open(encoding="utf-8") as stream:
        theirs = {
            row[group]: [float(row[name]) if row[name] else None for name in METRICS] for row in csv.DictReader(stream)
        }
    assert len(ours) >= 2 and theirs.keys() == {row[0] for row in ours}
    for league, *values in ours:
        assert theirs[league] == pytest.approx([None if value != value or value is None else value for value in values])


def metrics(folder: Path, *arguments: str) -> None:
    """Run dbt or MetricFlow in the copied project, on the warehouse beside it."""
    project = folder / "dbt_project"
    command = (
        [str(Path(sys.executable).parent / "dbt"), *arguments[1:]]
        if arguments[0] == "dbt"
        else [sys.executable, *arguments]
    )
    own = {"JIHENG_LAKE": "unused", "JIHENG_BUILD_DB": str(folder / "warehouse.duckdb")}
    own |= {"DBT_PROFILES_DIR": str(project), "DO_NOT_TRACK": "1"}
    ran = subprocess.run(command, cwd=project, env=os.environ | own, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


# Example questions


@pytest.mark.parametrize("name", [one.name for one in query.examples()])
def test_every_example_runs_on_a_small_edition_too(edition: Path, name: str) -> None:
    with query.asking(edition / "warehouse.duckdb") as asked:
        assert asked.answer(query.example(name).sql, 5).columns
