"""The example questions of docs/analyst, asked of the sample province's published edition."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from jiheng import query
from jiheng.settings import PROJECT_ROOT
from tests.nights import Home, Run

pytestmark = pytest.mark.night
Rows = list[dict[str, Any]]


def number(value: Any) -> Decimal:
    return Decimal(str(value))


def falling(rows: Rows, name: str) -> bool:
    values = [number(row[name]) for row in rows]
    return values == sorted(values, reverse=True)


# What makes an answer plausible, by the example's name.
PLAUSIBLE: dict[str, Callable[[Rows], bool]] = {
    "division_ranks": lambda rows: all(
        row["rank_low"] <= row["rank"] <= row["rank_high"] and 0 <= number(row["score"]) <= 100
        for row in rows if row["rank"] is not None
    ) and {row["fiscal_year"] for row in rows} == {2023, 2024},
    "score_basis": lambda rows: len({row["department"] for row in rows}) == 1
    and len({row["part"] for row in rows}) == 4 and any(row["quote"] for row in rows),
    "target_drift": lambda rows: all(
        len(row["targets"]) >= 2 and row["taken"] in row["quotes"] and row["division"] for row in rows
    ),
    "execution_by_function": lambda rows: {row["region"] for row in rows} >= {"东部片区", "西部片区"} and all(
        abs(number(row["execution_percent"]) * number(row["adjusted_budget_wan_yuan"]) / 100
            - number(row["spent_wan_yuan"])) < number(row["adjusted_budget_wan_yuan"]) / 10000 for row in rows
    ),
    "rank_history": lambda rows: len({row["division"] for row in rows}) == 1 and {
        row["fiscal_year"] for row in rows
    } == {2023, 2024} and all(
        row["rank"] is None or row["rank_low"] <= row["rank"] <= min(row["rank_high"], row["units"]) for row in rows
    ),
    "unsafe_ranks": lambda rows: all(
        row["rank"] <= row["next_rank"] and row["no_difference_from"] > 0 and number(row["points_between"]) >= 0
        for row in rows
    ),
    "rules_by_league": lambda rows: all(0 < row["failed"] <= row["checked"] and row["title_zh"] for row in rows)
    and max(sum(other["league"] == row["league"] and other["fiscal_year"] == row["fiscal_year"] for other in rows)
            for row in rows) == 5,
    "verified_by_division": lambda rows: all(
        row["accepted"] <= row["departments"] and row["verified_claims"] <= row["core_claims"] for row in rows
    ) and {row["fiscal_year"] for row in rows} == {2023, 2024},
    "self_score_gap": lambda rows: all(
        number(row["gap"]) == number(row["self_score"]) - number(row["evidence_score"]) and row["quote"] for row in rows
    ) and abs(number(rows[0]["gap"])) == max(abs(number(row["gap"])) for row in rows),
    "self_scoring_gains": lambda rows: falling(rows, "places_gained") and all(
        row["places_gained"] == row["place_by_evidence"] - row["place_by_self_score"]
        and max(row["place_by_evidence"], row["place_by_self_score"]) <= row["compared"]
        and 3 <= row["with_both"] <= row["departments"] for row in rows
    ) and sum(row["places_gained"] for row in rows) != len(rows) * rows[0]["places_gained"],
    "self_score_clumps": lambda rows: falling(rows, "concentration") and all(
        row["with_self_score"] >= 10 and row["most_frequent"] <= row["with_self_score"]
        and number(row["lower_quartile"]) <= number(row["upper_quartile"]) for row in rows
    ) and {"province", "league"} <= {row["cohort_kind"] for row in rows},
    "low_execution": lambda rows: all(number(row["execution_percent"]) < 80 and row["quote"] for row in rows),
    "late_and_returned": lambda rows: {row["state"] for row in rows} == {"overdue", "returned"}
    and all((row["mend_by"] is not None) == (row["state"] == "returned") for row in rows),
    "indicator_by_division": lambda rows: len({row["indicator"] for row in rows}) == 1
    and len({row["division"] for row in rows}) >= 3,
    "common_findings": lambda rows: falling(rows, "reports")
    and all(row["title_zh"] and row["example"] for row in rows),
    "unverified_reports": lambda rows: falling(rows, "unverifiable")
    and all(0 <= number(row["verified_percent"]) <= 100 for row in rows),
    "restatements": lambda rows: {row["change"] for row in rows} <= {"changed", "added", "dropped"}
    and all(row["quote_before"] or row["quote_after"] or row["fact"] == "execution_rate" for row in rows),
    # A first edition follows none.
    "why_ranks_moved": lambda rows: not rows,
    "figure_source": lambda rows: len(rows) == 1 and rows[0]["quote"] in rows[0]["sentence"]
    and re.fullmatch(r"[0-9a-f]{64}", rows[0]["sha256"]) is not None,
}  # fmt: skip


def ask(home: Home, *arguments: str) -> Rows:
    ran = home.command("query", *arguments, "--json")
    assert ran.returncode == 0, ran.stderr
    rows: Rows = json.loads(ran.stdout)
    return rows


@pytest.mark.parametrize("name", [one.name for one in query.examples()])
def test_an_example_gives_a_plausible_answer(sample_night: tuple[Home, Run], name: str) -> None:
    rows = ask(sample_night[0], "--example", name)
    assert (rows or name == "why_ranks_moved") and PLAUSIBLE[name](rows), rows[:5]


def test_why_ranks_moved_is_answered_after_a_second_night(next_night: tuple[Home, Run]) -> None:
    rows = ask(next_night[0], "--example", "why_ranks_moved")
    assert {"Resubmitted"} <= {row["cause_en"] for row in rows} <= {"Resubmitted", "Others moved"}
    [again] = [row for row in rows if row["cause_en"] == "Resubmitted"]
    assert number(again["points"]) < 0 and again["departments"][0].endswith(f" {again['points']}")


def test_variables_choose_what_an_example_is_about(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    departments = ask(
        home, "SELECT name FROM dim_department JOIN rank_department USING (department_key) WHERE is_ranked"
    )
    chosen = departments[-1]["name"]
    assert {row["department"] for row in ask(home, "--example", "score_basis", "--set", f"department={chosen}")} == {
        chosen
    }
    few, many = (ask(home, "--example", "low_execution", "--set", f"below={bound}") for bound in ("0.9", "1"))
    assert len(few) < len(many) and all(number(row["execution_percent"]) < 90 for row in few)
    claim = ask(home, "SELECT claim_id FROM fct_claim ORDER BY claim_id DESC LIMIT 1")[0]["claim_id"]
    assert ask(home, "--example", "figure_source", "--set", f"claim={claim}")[0]["claim_id"] == claim


def test_a_figures_source_is_what_trace_finds_in_the_archive(sample_night: tuple[Home, Run]) -> None:
    home, _ = sample_night
    [source] = ask(home, "--example", "figure_source")
    traced = home.command("trace", source["claim_id"]).stdout
    assert source["quote"] in traced and source["sha256"] in traced and "是 yes" in traced


def test_the_published_data_package_is_valid(sample_night: tuple[Home, Run]) -> None:
    from frictionless import Package, system

    with system.use_context(trusted=True):
        report = Package(str(sample_night[0].current / "datapackage.json")).validate()
    assert [error.message for task in report.tasks for error in task.errors] == [] and len(report.tasks) > 40


def test_the_readme_lists_every_example() -> None:
    told = (PROJECT_ROOT / "docs" / "analyst" / "README.md").read_text(encoding="utf-8")
    assert {one.name for one in query.examples()} == set(PLAUSIBLE)
    for one in query.examples():
        assert f"[`{one.name}`](queries/{one.name}.sql)" in told and one.question_zh.split("？")[0] in told, one.name
