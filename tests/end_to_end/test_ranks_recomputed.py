"""The ranks of whole nights worked out again from the published Parquet alone; nobody can change one unseen."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from publish import bulletin, editions, site, workbook
from publish.warehouse import export_warehouse
from ranking.recomputed import differences
from tests.nights import Home, Run

pytestmark = pytest.mark.night


@pytest.fixture
def copy(sample_night: tuple[Home, Run], tmp_path: Path) -> Path:
    """The sample's edition, copied elsewhere, where it may be changed."""
    edition = tmp_path / sample_night[0].current.name
    shutil.copytree(sample_night[0].current, edition)
    for path in edition.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return edition


def test_the_published_ranks_follow_from_the_published_facts(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    found, compared = differences(home.current / "parquet")
    assert found == [] and compared > 200
    ranked = home.rows("SELECT count(*) FILTER (WHERE is_ranked) FROM rank_division")[0][0]
    reasons = home.rows("SELECT DISTINCT unranked_reason FROM rank_division WHERE NOT is_ranked")
    risen = home.rows("SELECT count(*) FROM rank_division_improvement WHERE is_ranked")[0][0]
    assert ranked > 10 and ("below_coverage_floor",) in reasons and risen > 0
    assert len(home.rows("SELECT DISTINCT scope FROM rank_division_scope WHERE is_ranked")) == 3


def test_the_ranks_of_reports_without_a_register_follow_too(real_night: tuple[Home, Run]) -> None:
    found, compared = differences(real_night[0].current / "parquet")
    assert found == [] and compared > 0


@pytest.mark.parametrize(
    ("table", "column", "figure"),
    [
        ("rank_division", "score", "score"),
        ("rank_division", "outcome_score", "outcome_score"),
        ("rank_division", "accepted", "accepted"),
        ("rank_department", "score", "score"),
        ("rank_department", "rank", "rank"),
        ("rank_division_scope", "rank", "rank"),
        ("rank_division_improvement", "improvement", "improvement"),
        ("rank_department_improvement", "rank", "rank"),
    ],
)
def test_a_figure_that_is_changed_is_named(copy: Path, table: str, column: str, figure: str) -> None:
    path = copy / "parquet" / f"{table}.parquet"
    rows = pq.read_table(path)
    place = next(place for place, row in enumerate(rows.to_pylist()) if row["is_ranked"])
    values = rows[column].to_pylist()
    values[place] += Decimal("0.00000001") if isinstance(values[place], Decimal) else 1
    changed = rows.set_column(
        rows.schema.get_field_index(column), rows.schema.field(column), pa.array(values, rows.schema.field(column).type)
    )
    pq.write_table(changed, path)
    found, _ = differences(copy / "parquet")
    named = [difference for difference in found if difference.table == table and difference.figure == figure]
    key = "department_key" if table.startswith("rank_department") else "division_key"
    assert [difference.unit.split()[-1] for difference in named] == [rows[key].to_pylist()[place]]


@pytest.mark.parametrize("fact", ["fct_expenditure", "fct_indicator_outcome", "fct_self_evaluation", "filing_overview"])
def test_a_fact_that_is_changed_no_longer_bears_the_ranks(copy: Path, fact: str) -> None:
    changes = {
        "fct_expenditure": "execution_rate = execution_rate / 2 WHERE category = 'total' AND verification = 'verified'",
        "fct_indicator_outcome": "completion_rate = completion_rate / 2 WHERE is_assessable",
        "fct_self_evaluation": "self_score = self_score / 2",
        "filing_overview": "state = 'returned' WHERE state = 'accepted'",
    }
    path = copy / "parquet" / f"{fact}.parquet"
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t AS FROM read_parquet('{path}')")
        con.execute(f"UPDATE t SET {changes[fact]}")
        con.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    found, _ = differences(copy / "parquet")
    assert {"rank_department", "rank_division"} <= {difference.table for difference in found}


def test_an_insider_who_changes_a_score_everywhere_is_found(sample_night: tuple[Home, Run], copy: Path) -> None:
    """Warehouse, Parquet, CSV, pages, workbook, bulletin and manifest all agree on another score."""
    facts = json.loads((copy / "about.json").read_bytes())
    with duckdb.connect(str(copy / "warehouse.duckdb")) as con:
        [(division, year)] = con.execute(
            "SELECT division_key, fiscal_year FROM rank_division WHERE is_ranked AND rank = 2 ORDER BY ALL LIMIT 1"
        ).fetchall()
        con.execute(
            "UPDATE rank_division SET score = score - 0.5 WHERE division_key = ? AND fiscal_year = ?", [division, year]
        )
    editions.write_exports(copy)
    for make in (site.render, workbook.write, bulletin.write):
        make(copy)
    editions.complete(copy, facts)
    ran = Home(copy.parent / "no-home").command("verify", str(copy), "--json")
    checks = {check["check"]: check for check in json.loads(ran.stdout)["checks"]}
    assert ran.returncode == 1
    assert {name for name, check in checks.items() if check["problems"]} == {"ranks"}
    assert any(f"{year} {division}]" in problem and "score" in problem for problem in checks["ranks"]["problems"])


def test_verify_tells_every_check(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    ran = home.command("verify")
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.count("✓") == 14 and "全部一致" in ran.stdout
    ran = home.command("verify", "no-such-edition")
    assert ran.returncode == 2 and "E2008" in ran.stderr


def test_whoever_shares_a_rank_does_not_differ(sample_night: tuple[Home, Run]) -> None:
    tied = sample_night[0].rows(
        "SELECT a.division_key, b.indistinct_from FROM rank_division_scope AS a JOIN rank_division_scope AS b "
        "USING (method_id, province_key, fiscal_year, scope, scope_key, rank) WHERE a.division_key != b.division_key"
    )
    assert all(division in others for division, others in tied)


def test_another_method_beside_the_official_one_follows_too(sample_night: tuple[Home, Run], tmp_path: Path) -> None:
    """The draft method has other curves and counts what cannot be assessed: its ranks follow from the same facts."""
    home = sample_night[0].copy_to(tmp_path / "home")
    ran = home.command("compare-methods", "2026.1", "2026.2")
    assert ran.returncode == 0, ran.stderr
    edition = tmp_path / "compared"
    export_warehouse(home.path / "compare" / "methods.duckdb", edition)
    with duckdb.connect(str(edition / "warehouse.duckdb")) as con:
        con.execute("UPDATE ranking_methods SET status = 'trial' WHERE method_id = '2026.2'")
    editions.write_exports(edition)
    for path in (home.current / "parquet").iterdir():
        if not (edition / "parquet" / path.name).exists():  # facts that a comparison of methods does not build anew
            shutil.copy(path, edition / "parquet" / path.name)
    found, _ = differences(edition / "parquet")
    assert "2026.2" in {
        row["method_id"] for row in pq.read_table(edition / "parquet/rank_division.parquet").to_pylist()
    }
    assert [str(one) for one in found if one.table in ("rank_division", "rank_department")] == []
