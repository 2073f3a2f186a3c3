"""The warehouse built by dbt over a small lake: two provinces, a tie, a returned report, one without a register."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.component.small_lake import (
    GRAMMAR,
    LATE,
    NEXT_NIGHT,
    NIGHT,
    NO_UNIT_TESTS,
    PROJECT,
    RECEIVED,
    RULES,
    SCORED_PARTS,
    YEAR,
    Build,
    Row,
    Rows,
    build,
    division,
    due,
    failed,
    land,
    patchy_report,
    problem,
    version,
    whole_report,
)


def first_night() -> Rows:
    whole = ["one-trade-v1", "two-trade-v1"]
    return {
        "division": [
            division("east", "province", None, "east"), division("west", "province", None, "west"),
            division("one", "county", "county", "east"), division("two", "county_level_city", "county", "east"),
            division("three", "county", "county", "east"), division("four", "district", "district", "west"),
        ],
        "due_submission": [
            due("one", "trade"), due("two", "trade"), due("three", "trade"), due("three", "health", ("health",)),
        ],
        "submission_version": [
            version("one-trade"), version("two-trade"), version("three-trade", "returned"), version("four-trade"),
        ],
        "claim": [claim for key in [*whole, "three-trade-v1"] for claim in whole_report(key)]
        + patchy_report("four-trade-v1"),
        "statement": [problem(key) for key in whole],
        "stage_outcome": [{"run_id": "r", "arrival_id": "a-one-trade-v1", "stage": "received", "outcome": "archived"}],
        "arrival": [
            {"arrival_id": "a-one-trade-v1", "source_name": "one-trade-v1.docx", "received_at": RECEIVED,
             "outcome": "identified"},
        ],
        "finding": [failed("three-trade-v1", "A01", "P0"), failed("two-trade-v1", "B06", "P1")],
    }  # fmt: skip


def second_night() -> Rows:
    """The returned report comes again, a minute late; and the second county's report is read again."""
    return {
        "submission_version": [version("three-trade", "accepted", 2, LATE), version("two-trade")],
        "claim": [claim for key in ("three-trade-v2", "two-trade-v1") for claim in whole_report(key)],
        "statement": [problem("three-trade-v2")],
    }


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lake")
    land(root, "0-genesis", datetime(1970, 1, 1, tzinfo=UTC), {})
    land(root, "1-first", NIGHT, first_night())
    land(root, "2-second", NEXT_NIGHT, second_night())
    return root


@pytest.fixture(scope="module")
def first(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build(lake, tmp_path_factory.mktemp("first"), NIGHT)


@pytest.fixture(scope="module")
def second(lake: Path, first: Build, tmp_path_factory: pytest.TempPathFactory) -> Build:
    edition = tmp_path_factory.mktemp("edition")
    (edition / "parquet").mkdir()
    with duckdb.connect(str(first.path), read_only=True) as con:
        for table in ("rank_division", "rank_department"):
            con.execute(f"COPY {table} TO '{edition}/parquet/{table}.parquet' (FORMAT parquet)")
    return build(lake, tmp_path_factory.mktemp("second"), NEXT_NIGHT, *NO_UNIT_TESTS, previous=edition)


# Rankings ---------------------------------------------------------------------------------------------------------


def test_a_tie_is_a_tie_and_scores_are_what_the_method_says(first: Build) -> None:
    ranks = first.rows("FROM rank_division WHERE league = 'county' ORDER BY division_key")
    one, three, two = ranks
    assert (one["rank"], two["rank"], three["rank"]) == (1, 1, None)
    assert one["is_tied"] and two["is_tied"] and not three["is_tied"]
    # 20 x .9238; 40 x 1, since 133 % counts as 100; 10 + 5 + 10 x (1 - |.90 - (18.476 + 40) / 60|); 10 + 5
    parts = [Decimal(part) for part in ("18.476", "40", "24.254", "15")]
    assert [one[part] for part in SCORED_PARTS] == parts
    assert one["score"] == two["score"] == sum(parts) == Decimal("97.73")
    assert (one["due"], one["received"], one["accepted"], one["assessable"]) == (1, 1, 1, 1)
    assert one["verified_share"] == 1 and not one["is_provisional"]


def test_a_self_score_stands_beside_what_its_evidence_shows(first: Build) -> None:
    one = first.row("FROM inflation_department WHERE department_key = 'one-trade'")
    # (20 x .9238 + 40 x 1) / 60, in points
    assert one["evidence_score"] == Decimal("97.46") and one["self_score"] == 90 and one["gap"] == Decimal("-7.46")
    assert (one["claimed_grade"], one["evidence_grade"], one["no_gap_reason"]) == ("优", "优", None)
    assert len(one["evidence_claim_ids"]) == 4 and set(one["evidence_claim_ids"]) <= {
        row["claim_id"] for row in first.rows("FROM fct_claim WHERE submission_version_id = 'one-trade-v1'")
    }
    reasons = first.rows(
        "SELECT department_key, no_gap_reason FROM inflation_department WHERE gap IS NULL ORDER BY ALL"
    )
    assert [tuple(row.values()) for row in reasons] == [
        ("four-trade", "no_self_score"), ("three-health", "not_submitted"), ("three-trade", "returned"),
    ]  # fmt: skip
    county = first.row("FROM inflation_cohort WHERE cohort_kind = 'league' AND cohort_key = 'county'")
    assert (county["departments"], county["with_both"], county["mean_gap"]) == (4, 2, None), "too few to speak of"


def test_a_departments_year_has_names_and_drifting_targets_their_places(first: Build) -> None:
    year = first.row("FROM department_year WHERE department_key = 'four-trade'")
    assert (year["division_name"], year["province_name"], year["league_name_zh"]) == ("four名", "west名", "市辖区")
    assert year["submission_version_id"] == "four-trade-v1" and not year["has_register"]
    drift = first.row("FROM target_drift")
    assert drift["targets"] == [70, 90] and len(drift["claim_ids"]) == 2
    assert drift["submission_version_id"] == "four-trade-v1" and drift["indicator_key"] == "landed_projects"


def test_returned_and_missing_reports_are_not_ranked_and_say_why(first: Build) -> None:
    three = first.row("FROM rank_division WHERE division_key = 'three'")
    assert (three["due"], three["received"], three["accepted"], three["unranked_reason"]) == (2, 1, 0, "returned")
    assert three["score"] is None and not three["is_ranked"]
    departments = first.rows("FROM rank_department WHERE division_key = 'three' ORDER BY department_key")
    reasons = {row["department_key"]: (row["function"], row["unranked_reason"]) for row in departments}
    assert reasons == {
        "three-health": ("health", "not_submitted"),
        "three-trade": ("investment", "returned"),
    }


def test_without_a_register_ranks_are_provisional_and_provinces_apart(first: Build) -> None:
    four = first.row("FROM rank_division WHERE division_key = 'four'")
    assert (four["due"], four["rank"], four["is_provisional"], four["province_key"]) == (None, 1, True, "west")
    assert four["execution_score"] is None
    # 40 of the 80 points that can be assessed, with 51 of 90 projects landed
    assert four["outcome_score"] == Decimal("28.33333350")
    department = first.row("FROM rank_department WHERE division_key = 'four'")
    assert (department["rank"], department["due"], department["function"]) == (1, None, "investment")


def test_ranks_lie_in_their_intervals_and_parts_make_the_score(first: Build, second: Build) -> None:
    for built in (first, second):
        ranked = built.rows('SELECT * EXCLUDE ("function", department_key) FROM rank_department WHERE is_ranked')
        for row in ranked + built.rows("FROM rank_division WHERE is_ranked"):
            assert row["rank_low"] <= row["rank"] <= row["rank_high"]
            assert abs(sum(row[part] or 0 for part in SCORED_PARTS) - row["score"]) <= Decimal("0.00000004")


def test_a_later_version_changes_the_next_edition(first: Build, second: Build) -> None:
    versions = second.rows("FROM dim_submission WHERE department_key = 'three-trade' ORDER BY version_number")
    assert [(row["status"], row["is_current"]) for row in versions] == [("superseded", False), ("accepted", True)]
    assert len(first.rows("FROM dim_submission WHERE department_key = 'three-trade'")) == 1
    three = second.row("FROM rank_department WHERE department_key = 'three-trade'")
    # The first version came in time, which is what the due day asks.
    assert (three["rank"], three["completeness_score"], three["previous_rank"]) == (1, 15, None)
    division = second.row("FROM rank_division WHERE division_key = 'three'")
    assert division["unranked_reason"] == "below_coverage_floor"
    assert second.row("FROM rank_division WHERE division_key = 'one'")["previous_rank"] == 1


def test_a_second_reading_replaces_the_first(first: Build, second: Build) -> None:
    mine = "SELECT count(*) AS number FROM fct_claim WHERE submission_version_id = 'two-trade-v1'"
    assert first.row(mine) == second.row(mine)
    assert second.rows("FROM fct_statement WHERE submission_version_id = 'two-trade-v1'") == []


# Facts ------------------------------------------------------------------------------------------------------------


def test_execution_rate_needs_the_adjusted_budget(first: Build) -> None:
    rates = {row["submission_version_id"]: row for row in first.rows("FROM fct_expenditure")}
    whole = rates["one-trade-v1"]
    assert whole["execution_rate"] == whole["stated_execution_rate"] == Decimal("0.9238")
    assert whole["verification"] == "verified"
    patchy = rates["four-trade-v1"]
    assert patchy["amount_yuan"] == Decimal("22933400.00")
    assert patchy["execution_rate"] is None and patchy["adjusted_budget_yuan"] is None


def test_outcomes_are_rated_only_like_with_like(first: Build) -> None:
    found = first.rows("FROM fct_indicator_outcome WHERE submission_version_id = 'four-trade-v1'")
    outcomes = {row["indicator_key"]: row for row in found}
    reasons = {key: row["not_assessable_reason"] for key, row in outcomes.items()}
    assert reasons == {
        "completed_projects": "no_target", "foreign_investment_utilised": "partial_period",
        "foreign_trade": "unit_mismatch", "industrial_value_added": "growth_has_no_rate", "landed_projects": None,
    }  # fmt: skip
    landed = outcomes["landed_projects"]
    assert (landed["target_value"], landed["actual_value"], landed["unit"]) == (90, 51, "宗")
    assert landed["completion_rate"] == Decimal("0.56666667") and landed["verification"] == "verified"
    assert outcomes["foreign_investment_utilised"]["period_end"] == date(YEAR, 11, 30)
    assert outcomes["industrial_value_added"]["actual_value"] == Decimal("-1.6")
    assert outcomes["completed_projects"]["actual_value"] == 33


def test_an_alias_counts_inside_its_unit_family_only(first: Build) -> None:
    claims = first.rows("FROM fct_claim WHERE surface = '新竣工项目' ORDER BY claim_number")
    assert [row["indicator_key"] for row in claims] == ["completed_projects", None]


def test_scores_and_grades_stay_apart(first: Build) -> None:
    evaluations = {row["submission_version_id"]: row for row in first.rows("FROM fct_self_evaluation")}
    assert evaluations["one-trade-v1"]["self_score"] == Decimal("90.00")
    assert evaluations["four-trade-v1"]["self_score"] is None
    assert evaluations["four-trade-v1"]["self_grade"] == "优"
    assert evaluations["one-trade-v1"]["reviewed_score"] is None


def test_a_stage_names_its_version(first: Build) -> None:
    stage = first.row("FROM fct_stage_outcome")
    assert (stage["source_name"], stage["submission_version_id"]) == ("one-trade-v1.docx", "one-trade-v1")


# The grid and reconciliation -----------------------------------------------------------------------------------------


def test_the_grid_tells_what_became_of_every_check(first: Build) -> None:
    rows = first.rows("FROM quality_grid WHERE rule_id IN ('A01', 'B06')")
    cells = {(row["department_key"], row["rule_id"]): (row["outcome"], row["is_open"]) for row in rows}
    assert cells == {
        ("one-trade", "A01"): ("PASS", False), ("one-trade", "B06"): ("PASS", False),
        ("two-trade", "A01"): ("PASS", False), ("two-trade", "B06"): ("FAIL", True),
        ("three-trade", "A01"): ("FAIL", True), ("three-trade", "B06"): ("PASS", False),
        ("three-health", "A01"): ("NOT_SUBMITTED", False), ("three-health", "B06"): ("NOT_SUBMITTED", False),
        ("four-trade", "A01"): ("PASS", False), ("four-trade", "B06"): ("PASS", False),
    }  # fmt: skip
    assert first.row("SELECT count(*) AS cells FROM quality_grid")["cells"] == 5 * len(RULES)
    counted = first.row("FROM rule_frequency WHERE rule_id = 'A01' AND division_key = 'three'")
    assert (counted["units"], counted["checked"], counted["failed"], counted["still_open"]) == (2, 1, 1, 1)


def test_a_rule_that_came_later_was_not_checked_then(lake: Path, tmp_path: Path) -> None:
    """A batch from before a rule has no result of it; one that has results of it for other reports has lost one."""
    root = tmp_path / "lake"
    shutil.copytree(lake, root)
    for batch, lost in (("1-first", "rule_id = 'A01'"), ("2-second", "finding_id = 'three-trade-v2-A02'")):
        found = root / "batches" / batch / "finding.parquet"
        with duckdb.connect() as con:
            con.execute(f"COPY (FROM '{found}' WHERE NOT ({lost})) TO '{found}.new' (FORMAT parquet)")
        found.with_name("finding.parquet.new").rename(found)
    wanted = ("--select", "+quality_grid", "--indirect-selection", "empty", "--exclude-resource-type", "unit_test")
    built = build(root, tmp_path, NEXT_NIGHT, *wanted)
    rows = built.rows("FROM quality_grid WHERE outcome IS NULL OR outcome = 'NOT_CHECKED' ORDER BY ALL")
    assert [(row["department_key"], row["rule_id"], row["outcome"]) for row in rows] == [
        ("four-trade", "A01", "NOT_CHECKED"),
        ("one-trade", "A01", "NOT_CHECKED"),
        ("three-trade", "A02", None),
    ]


def test_a_claim_that_lost_is_kept_with_the_policy_that_decided(first: Build) -> None:
    wanted = "fact_key = 'landed_projects' AND submission_version_id = 'four-trade-v1' AND fact_column LIKE 'target%'"
    lost, won = first.rows(f"FROM fct_reconciliation WHERE {wanted} ORDER BY position DESC")
    outcome = "submission_version_id = 'four-trade-v1' AND indicator_key = 'landed_projects'"
    assert won["claim_id"] == first.row(f"FROM fct_indicator_outcome WHERE {outcome}")["target_claim_id"]
    assert (won["is_chosen"], lost["is_chosen"], lost["policy_id"]) == (True, False, "target_section")
    assert lost["reason_zh"] == "与实际值同一章节的目标优先"


# Filing and acts ----------------------------------------------------------------------------------------------------


def act(kind: str, at: datetime, **more: Any) -> Row:
    key = "-".join([kind, *(str(value) for value in more.values())])
    return {"act_id": key, "kind": kind, "words": "理由说明", "by": "甲", "at": at, **more}


@pytest.fixture(scope="module")
def acted(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A third night, of 15 April 2025: a withdrawal, a waiver, and explanations of a P1 and of a P0 finding."""
    root = tmp_path_factory.mktemp("acts")
    third = NEXT_NIGHT + timedelta(days=1)
    shutil.copytree(lake, root / "lake")
    land(
        root / "lake",
        "3-third",
        third,
        {
            "due_submission": [due("four", "late") | {"due_on": date(2025, 4, 20)}],
            "submission_version": [version("three-health", "returned")],
            "finding": [failed("three-health-v1", "A02", "P0"), failed("two-trade-v1", "B06", "P1")],
            "act": [
                act("withdrawal", third, submission_id=f"one-trade-{YEAR}"),
                act("withdrawal", third, submission_id=f"four-trade-{YEAR}"),
                act(
                    "waiver", third, rule_id="B06", approved_by="乙", valid_until=date(2025, 4, 15), division_key="two"
                ),
                act("explanation", third, finding_id="three-health-v1-A02"),
                act("decision", third, refers_to="explanation-three-health-v1-A02", state="accepted"),
            ],
        },
    )
    return build(root / "lake", root, third, *NO_UNIT_TESTS, day=date(2025, 4, 15))


def test_a_filing_stands_where_the_night_finds_it(acted: Build) -> None:
    found = {row["department_key"]: row for row in acted.rows("FROM filing_overview")}
    assert {key: row["state"] for key, row in found.items()} == {
        "one-trade": "overdue", "two-trade": "accepted", "three-trade": "accepted", "three-health": "returned",
        "four-late": "expected", "four-trade": "withdrawn",
    }  # fmt: skip
    late = {key: row["days_late"] for key, row in found.items()}
    # The withdrawn report counts as missing since its day; what came in time stays in time, whatever followed.
    assert late == {
        "one-trade": 15, "two-trade": 0, "three-trade": 0, "three-health": 0, "four-late": 0, "four-trade": None,
    }  # fmt: skip
    returned = found["three-health"]
    assert (returned["mend_by"], returned["mend_days_late"]) == (date(2025, 4, 10), 5)
    assert found["two-trade"]["mend_by"] is None and not found["four-trade"]["is_due"]


def test_filings_of_a_division_are_counted_as_the_rankings_count(acted: Build) -> None:
    found = {row["division_key"]: row for row in acted.rows("FROM filing_division")}
    three = found["three"]
    assert (three["due"], three["received"], three["accepted"], three["returned"], three["mending_late"]) == (
        2,
        2,
        1,
        1,
        1,
    )
    assert (found["one"]["received"], found["one"]["overdue"], found["one"]["on_time"]) == (0, 1, 0)
    assert (found["four"]["due"], found["four"]["expected"], found["four"]["beyond_register"]) == (1, 1, 1)
    for row in acted.rows("FROM rank_division"):
        assert [found[row["division_key"]][name] for name in ("due", "received", "accepted")] == [
            row["due"], row["received"], row["accepted"],
        ]  # fmt: skip
    assert acted.row("FROM rank_division WHERE division_key = 'one'")["unranked_reason"] == "not_submitted"


def test_a_withdrawal_without_a_register_leaves_the_division_in_the_list(acted: Build, lake: Path) -> None:
    submission = acted.row("FROM dim_submission WHERE department_key = 'four-trade'")
    assert (submission["status"], submission["verdict"]) == ("withdrawn", "accepted")
    reason = "SELECT unranked_reason FROM rank_department WHERE department_key = 'four-trade'"
    assert acted.row(reason)["unranked_reason"] == "not_submitted"


def test_a_waiver_holds_on_its_last_day_and_no_words_replace_mending(acted: Build) -> None:
    waived = acted.row("FROM fct_finding WHERE rule_id = 'B06' AND outcome = 'fail'")
    assert waived["waiver_id"] and not waived["is_open"]
    mended = acted.row("FROM fct_finding WHERE rule_id = 'A02' AND outcome = 'fail'")
    assert mended["is_open"] and mended["explanation"] is None


# The whole --------------------------------------------------------------------------------------------------------


def test_the_same_lake_gives_the_same_tables(lake: Path, first: Build, tmp_path: Path) -> None:
    again = build(lake, tmp_path, NIGHT, *NO_UNIT_TESTS)
    assert again.content() == first.content()


def test_an_empty_lake_builds(tmp_path: Path) -> None:
    land(tmp_path / "lake", "0-genesis", datetime(1970, 1, 1, tzinfo=UTC), {})
    empty = build(tmp_path / "lake", tmp_path, NIGHT, *NO_UNIT_TESTS).tables()
    assert empty["rank_division"] == empty["fct_claim"] == empty["gate_result"] == []
    assert empty["dim_indicator"]


def test_no_published_column_is_a_float_and_all_are_described(first: Build) -> None:
    published = "schema_name = 'main' AND NOT internal AND database_name = 'warehouse'"
    columns = first.rows(f"SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE {published}")
    assert {"rank_division", "fct_claim", "ranking_methods"} <= {row["table_name"] for row in columns}
    assert [row for row in columns if row["data_type"] in ("DOUBLE", "FLOAT")] == []
    assert [row for row in columns if " · " not in (row["comment"] or "")] == []
    tables = first.rows(f"SELECT table_name, comment FROM duckdb_tables() WHERE {published}")
    assert [row for row in tables if not (row["comment"] or "").startswith("One row is ")] == []
    assert [row for row in tables if "一行是" not in row["comment"]] == []


def test_unit_families_are_those_the_reader_knows() -> None:
    with duckdb.connect() as con:
        found = con.execute(f"SELECT unit_base, unit_family FROM read_csv('{PROJECT}/seeds/unit_families.csv')")
        ours = dict(found.fetchall())
    bases = yaml.safe_load((GRAMMAR / "units.yaml").read_text(encoding="utf-8"))["bases"]
    theirs = {unit: family for family, units in bases.items() for unit in units}
    assert {unit: ours.get(unit) for unit in theirs} == theirs, "seeds/unit_families.csv lacks units of units.yaml"
