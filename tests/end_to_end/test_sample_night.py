"""A night on the sample province, and the nights after it."""

import json
import re
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from jiheng.settings import Settings
from tests.nights import PERSONS, SAMPLE, Home, Run

pytestmark = pytest.mark.night
TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["files"]
EDITION_FILES = {
    *("manifest.json", "warehouse.duckdb", "gate.json", "diff.json", "rankings.xlsx", "bulletin.pdf", "bulletin.docx"),
    *("parquet", "csv", "site", "about.json", "datapackage.json", "dictionary.csv", "corrections.json"),
    *("notice.json", "notice.txt", "site.zip", "site-en.zip"),
}


def test_every_file_is_accounted_for(sample_night: tuple[Home, Run]) -> None:
    _, run = sample_night
    bad = [name for name, true in TRUTH.items() if true["expected_outcome"] == "quarantined"]
    assert run.facts["received"] == len(TRUTH)
    assert run.facts["quarantined"] == len(bad)
    assert run.facts["accepted"] + run.facts["returned"] == len(TRUTH) - len(bad)
    assert run.facts["gate"] in ("pass", "notice") and run.facts["ranked"] > 0


def test_what_was_read_agrees_with_the_truth(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    ran = home.command("evaluate", str(SAMPLE / "truth.json"), "--json")
    for name, (found, expected) in json.loads(ran.stdout).items():
        assert found == expected, f"{name}: {found} of {expected}"


def test_the_warehouse_holds_the_true_expenditure(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    joined = "fct_expenditure e join dim_submission s using (submission_version_id)"
    sql = f"select s.source_name, e.amount_yuan from {joined} where category = 'total'"
    found = dict(home.rows(sql))
    clean = {
        name: true for name, true in TRUTH.items() if true["expected_outcome"] == "identified" and not true["planted"]
    }
    assert clean
    for name, true in clean.items():
        assert found[name] == Decimal(true["expenditure"]["total"]), name


def test_the_edition_is_complete_and_as_its_manifest_says(sample_night: tuple[Home, Run]) -> None:
    home, run = sample_night
    assert {path.name for path in home.current.iterdir()} == EDITION_FILES
    manifest = json.loads((home.current / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["edition_id"] == home.current.name == run.facts["edition_id"]
    assert home.command("verify").returncode == 0


def test_a_missing_report_and_a_thin_division_are_told_not_hidden(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    reasons = {
        reason for (reason,) in home.rows("select distinct unranked_reason from rank_division where not is_ranked")
    }
    assert "below_coverage_floor" in reasons
    assert home.rows("select count(*) from rank_division where due > received and fiscal_year = 2024")[0][0] > 0
    [(bad,)] = home.rows("select count(*) from fct_stage_outcome where outcome = 'quarantined'")
    assert bad == sum(true["expected_outcome"] == "quarantined" for true in TRUTH.values())


def test_a_new_version_takes_the_place_of_the_old_one(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    [old, new] = home.rows(
        "select source_name, status, is_current from dim_submission where submission_id in "
        "(select submission_id from dim_submission group by 1 having count(*) > 1) order by version_number"
    )
    assert (TRUTH[old[0]]["version"], old[1], old[2]) == (1, "superseded", False)
    assert (TRUTH[new[0]]["version"], new[2]) == (2, True)


def test_no_person_of_any_cover_is_outside_the_archive(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    persons = "|".join(PERSONS)
    known = re.compile(persons.encode())
    for path in home.path.rglob("*"):
        if path.is_file() and not path.is_symlink() and "archive" not in path.relative_to(home.path).parts:
            assert not known.findall(path.read_bytes()), path
    tables = home.rows("select table_name from duckdb_tables() where schema_name = 'main'")
    assert tables
    for (table,) in tables:
        found = home.rows(f"from \"{table}\" as line where regexp_matches(line::varchar, '{persons}') limit 1")
        assert found == [], table


def test_who_waits_for_a_night_does_not_change_how_patient_airflow_is(sample_night: tuple[Home, Run]) -> None:
    """Nothing was tried again in front of a person; what Airflow runs by itself after that is, and has its deadline."""
    home, _ = sample_night
    with sqlite3.connect(home.path / "airflow" / "airflow.db") as database:
        [(written,)] = database.execute("select data from serialized_dag where dag_id = 'nightly_rankings'")
        tries = database.execute("select distinct max_tries from task_instance").fetchall()
    dag = json.loads(written)["dag"]
    patience = [task["__var"].get("partial_kwargs", task["__var"]).get("retries") for task in dag["tasks"]]
    assert tries == [(0,)]
    assert set(patience) == {Settings().retries}
    assert dag["deadline"]


def test_the_same_night_twice_changes_nothing(sample_night: tuple[Home, Run], tmp_path: Path) -> None:
    home = sample_night[0].copy_to(tmp_path / "again")
    lake = sorted((home.path / "lake" / "batches").iterdir())
    before = home.current.name
    run = home.night(SAMPLE / "inbox", SAMPLE / "registers")
    assert (run.exit_code, run.facts["received"], run.facts["publication"]) == (0, 0, "unchanged"), run.told
    assert sorted((home.path / "lake" / "batches").iterdir()) == lake
    assert home.current.name == before


def test_an_empty_inbox_publishes_and_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    (tmp_path / "empty").mkdir()
    run = home.night(tmp_path / "empty")
    assert (run.exit_code, run.facts["received"], run.facts["publication"]) == (0, 0, "published"), run.told
    assert (home.current / "site" / "index.html").exists()


def test_two_methods_are_compared_before_a_switch(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    [(official,)] = home.rows("SELECT method_id FROM ranking_methods WHERE status = 'official'")
    [(draft,)] = home.rows("SELECT method_id FROM ranking_methods WHERE status = 'draft'")
    told = json.loads(home.command("compare-methods", official, draft, "--json").stdout)
    published = home.rows(
        "SELECT fiscal_year, count(*) FROM rank_department "
        "WHERE is_ranked AND \"function\" = 'agriculture' GROUP BY ALL"
    )
    assert {(row["年度"], row["甲排名数"]) for row in told["groups"] if row["组"] == "农业农村"} == set(published)
    assert told["department"]
    for row in told["department"]:
        name = row["单位"].rpartition("·")[2]
        ranks = home.rows(
            "SELECT r.rank FROM rank_department r JOIN dim_department d USING (department_key) JOIN functions f "
            f"ON f.function_key = r.\"function\" WHERE d.name = '{name}' AND f.name_zh = '{row['组']}' "
            f"AND r.fiscal_year = {row['年度']}"
        )
        assert (row["甲名次"],) in ranks and row["升降"] == row["甲名次"] - row["乙名次"]
    assert sum(row["名次变动"] for row in told["groups"] if row["对象"] == "部门") == len(told["department"])
    same = json.loads(home.command("compare-methods", official, official, "--json").stdout)
    assert same["division"] == same["department"] == []
    unknown = home.command("compare-methods", official, "1999.1")
    assert unknown.returncode == 2 and draft in unknown.stderr
