"""Laws of the ranking method: the compiled models, from claims to division scores, over reports that hypothesis makes.

Under every method of the project: better evidence never lowers a score, all else equal; the order of rows plays no
part; another unit for the same figures changes nothing; a division's score does not depend on another's.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.component.compiled import Rows, compiled_models, seed, table, warehouse

MODELS = (
    "fct_budget", "fct_expenditure", "fct_indicator_outcome", "int_core_claim", "int_evidence_verified",
    "int_evidence_execution", "int_outcome_by_policy", "int_curve_segment", "int_evidence_outcome", "int_target_drift",
    "int_evidence_drift", "int_fact_present", "int_evidence_required", "int_shown_score", "int_evidence_self_score",
    "int_evidence_timeliness", "int_ranking_method", "int_component_value", "int_department_part",
    "int_department_points", "int_department_score", "int_division_member", "int_division_score",
)  # fmt: skip
SEEDS = (
    *("ranking_methods", "ranking_method_parts", "ranking_method_components", "ranking_method_curves"),
    "ranking_required_facts",
)
CLAIM = """claim_id VARCHAR, submission_version_id VARCHAR, indicator_key VARCHAR, role VARCHAR, operator VARCHAR,
  value DECIMAL(28,6), unit VARCHAR, value_base DECIMAL(28,6), value_high_base DECIMAL(28,6), unit_base VARCHAR,
  period_start DATE, period_end DATE, verification VARCHAR, span_start INTEGER"""
SCHEMA = f"""
CREATE SCHEMA intermediate;
CREATE TABLE main.dim_submission (submission_version_id VARCHAR, fiscal_year INTEGER);
CREATE TABLE main.dim_indicator (indicator_key VARCHAR, direction VARCHAR);
CREATE TABLE main.fct_claim ({CLAIM});
CREATE TABLE main.fct_self_evaluation (submission_version_id VARCHAR, self_score DECIMAL(9,4), self_grade VARCHAR,
  score_claim_id VARCHAR, grade_claim_id VARCHAR);
CREATE TABLE main.fct_statement (submission_version_id VARCHAR, kind VARCHAR);
CREATE TABLE intermediate.int_indicator_claim ({CLAIM}, measure VARCHAR);
CREATE TABLE intermediate.int_indicator_pair (submission_version_id VARCHAR, indicator_key VARCHAR, measure VARCHAR,
  is_whole_year BOOLEAN, target_claim_id VARCHAR, actual_claim_id VARCHAR);
CREATE TABLE intermediate.int_completion_rate_choice (submission_version_id VARCHAR, indicator_key VARCHAR,
  claim_id VARCHAR, stated_completion_rate DECIMAL(18,8), verification VARCHAR);
CREATE TABLE intermediate.int_execution_rate_choice (submission_version_id VARCHAR, category VARCHAR,
  claim_id VARCHAR, stated_execution_rate DECIMAL(18,8), verification VARCHAR);
CREATE TABLE intermediate.int_money_choice (submission_version_id VARCHAR, kind VARCHAR, role VARCHAR,
  category VARCHAR, claim_id VARCHAR, amount_yuan DECIMAL(20,2), verification VARCHAR);
CREATE TABLE intermediate.int_department_year (province_key VARCHAR, league VARCHAR, division_key VARCHAR,
  department_key VARCHAR, fiscal_year INTEGER, is_due BOOLEAN, due_on DATE, is_received BOOLEAN, is_accepted BOOLEAN,
  submission_version_id VARCHAR, first_received_at TIMESTAMPTZ, has_register BOOLEAN);
"""
DUE_ON = date(2025, 3, 31)
VERIFIED, DIRECTIONS = "verified", ("positive", "reverse")
TINY = Decimal("0.00000001")


@dataclass(frozen=True)
class Indicator:
    """What a report says of an indicator: the target it is measured by, perhaps another elsewhere, and the actual."""

    direction: str
    target: int
    other_target: int
    actual: int
    verification: str


@dataclass(frozen=True)
class Report:
    """What a method looks at in a report."""

    budget: int | None
    spent: int
    money_verification: str
    indicators: tuple[Indicator, ...]
    self_score: int | None
    self_verification: str
    problems: bool
    days_late: int
    scale: int = 1


VERIFICATION = st.sampled_from([VERIFIED, VERIFIED, VERIFIED, "unverifiable", "contradicted"])
TARGET = st.integers(1, 200)
INDICATOR = st.builds(
    lambda direction, target, other, actual, verification: Indicator(
        direction, target, target if other is None else other, actual, verification
    ),
    *(st.sampled_from(DIRECTIONS), TARGET, st.none() | TARGET, st.integers(0, 300), VERIFICATION),
)
REPORT = st.builds(
    Report, st.none() | st.integers(1, 1000), st.integers(0, 1200), VERIFICATION,
    st.lists(INDICATOR, max_size=4).map(tuple), st.none() | st.integers(0, 100), VERIFICATION, st.booleans(),
    st.integers(0, 12),
)  # fmt: skip
REPORTS = st.lists(REPORT, min_size=1, max_size=12)


def betters(report: Report) -> list[Report]:
    """The report with one thing better, and all else as it is."""
    found = [
        replace(report, days_late=max(0, report.days_late - 3)),
        replace(report, problems=True),
        replace(report, self_verification=VERIFIED),
    ]
    if report.budget:
        found.append(replace(report, spent=max(report.spent, min(report.budget, report.spent + 100))))
    for place, one in enumerate(report.indicators):
        better_actual = one.actual + 40 if one.direction == "positive" else max(0, one.actual - 40)
        for better in (replace(one, actual=better_actual), replace(one, other_target=one.target)):
            indicators = (*report.indicators[:place], better, *report.indicators[place + 1 :])
            found.append(replace(report, indicators=indicators))
    return found


# The tables of reports ------------------------------------------------------------------------------------------------


def tables_of(reports: dict[tuple[str, str], Report | None]) -> Rows:
    """Tables for reports by (division, department); a department without one owes it all the same."""
    known = [(f"{direction}-{place}", direction) for direction in DIRECTIONS for place in range(4)]
    rows: Rows = {
        "main.dim_indicator": [{"indicator_key": key, "direction": direction} for key, direction in known],
        "intermediate.int_department_year": [],
    }
    for (division, department), report in reports.items():
        _add(rows, division, f"{division}.{department}", report)
    return rows


def _add(rows: Rows, division: str, department: str, report: Report | None) -> None:
    year: dict[str, Any] = {
        "province_key": "p", "league": "county", "division_key": division, "department_key": department,
        "fiscal_year": 2024, "is_due": True, "due_on": DUE_ON, "has_register": True, "is_received": report is not None,
        "is_accepted": report is not None,
    }  # fmt: skip
    if report is not None:
        received = datetime(2025, 3, 31, 4, tzinfo=UTC) + timedelta(days=report.days_late)
        year |= {"submission_version_id": f"v-{department}", "first_received_at": received}
        for name, found in _facts(f"v-{department}", report).items():
            rows.setdefault(name, []).extend(found)
    rows["intermediate.int_department_year"].append(year)


def _facts(version: str, report: Report) -> Rows:
    of = {"submission_version_id": version}
    money = [("expenditure", "actual", report.spent)]
    money += [("budget", "adjusted", report.budget)] if report.budget else []
    found: Rows = {
        "main.dim_submission": [of | {"fiscal_year": 2024}],
        "intermediate.int_money_choice": [
            of
            | {"kind": kind, "role": role, "category": "total", "claim_id": f"{version}-{role}"}
            | {"amount_yuan": Decimal(amount) * report.scale, "verification": report.money_verification}
            for kind, role, amount in money
        ],
        "main.fct_statement": [of | {"kind": "problem"}] if report.problems else [],
        "main.fct_self_evaluation": [
            of | {"self_score": report.self_score, "score_claim_id": f"{version}-s" if report.self_score else None}
        ],
        "main.fct_claim": [
            of | {"claim_id": f"{version}-{role}", "verification": report.money_verification} for _, role, _ in money
        ],
    }
    if report.self_score:
        found["main.fct_claim"].append(of | {"claim_id": f"{version}-s", "verification": report.self_verification})
    pairs, claims = [], []
    for place, one in enumerate(report.indicators):
        key = f"{one.direction}-{place}"
        about = of | {"indicator_key": key, "measure": "level"}
        pairs.append(about | {"is_whole_year": True} | _ids(version, place))
        for role, suffix, value in (
            ("target", "t", one.target), ("target", "o", one.other_target), ("actual", "a", one.actual),
        ):  # fmt: skip
            figure = Decimal(value) * report.scale
            stated = {"role": role, "value": figure, "value_base": figure, "unit": "家", "unit_base": "家"}
            verification = {"verification": one.verification, "span_start": place}
            claims.append(about | {"claim_id": f"{version}-{place}{suffix}"} | stated | verification)
    found["intermediate.int_indicator_pair"] = pairs
    found["intermediate.int_indicator_claim"] = claims
    found["main.fct_claim"] += claims
    return found


def _ids(version: str, place: int) -> dict[str, str]:
    return {"target_claim_id": f"{version}-{place}t", "actual_claim_id": f"{version}-{place}a"}


# The models -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    # All methods of the project, drafts included: a law that a draft breaks is found before it is used.
    return compiled_models(tmp_path_factory.mktemp("compiled"), MODELS, {"methods": "2026.1,2026.2"})


def scores(compiled: dict[str, str], found: Rows) -> tuple[dict[Any, Decimal | None], dict[Any, Decimal | None]]:
    """Scores of departments and of divisions, by method and unit."""
    with warehouse(SCHEMA, found) as con:
        for name in SEEDS:
            seed(con, name)
        for model in MODELS:
            con.execute(f"CREATE TABLE {compiled[model]}")
        departments = table(con, "intermediate.int_department_score")
        divisions = table(con, "intermediate.int_division_score")
    return (
        {(row["method_id"], row["department_key"]): row["score"] for row in departments},
        {(row["method_id"], row["division_key"]): row["score"] for row in divisions},
    )


examples = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@examples
@given(reports=REPORTS)
def test_better_evidence_never_lowers_a_score(compiled: dict[str, str], reports: list[Report]) -> None:
    tried = {
        (f"c{place}", f"{number:02}"): one
        for place, report in enumerate(reports)
        for number, one in enumerate([report, *betters(report)])
    }
    departments, _ = scores(compiled, tables_of(dict(tried)))
    for method in ("2026.1", "2026.2"):
        for (division, number), report in tried.items():
            base, better = departments[method, f"{division}.00"], departments[method, f"{division}.{number}"]
            assert base is None or (better is not None and better >= base - TINY), (tried[division, "00"], report)


@examples
@given(reports=REPORTS, scale=st.sampled_from([10, 10_000]))
def test_another_unit_for_the_same_figures_changes_nothing(
    compiled: dict[str, str], reports: list[Report], scale: int
) -> None:
    as_is: dict[tuple[str, str], Report | None] = {("a", str(place)): one for place, one in enumerate(reports)}
    scaled = {("b", number): replace(one, scale=scale) for (_, number), one in as_is.items() if one}
    departments, divisions = scores(compiled, tables_of(as_is | scaled))
    for method, name in departments:
        assert departments[method, f"a{name[1:]}"] == departments[method, f"b{name[1:]}"]
    assert all(divisions[method, "a"] == divisions[method, "b"] for method in ("2026.1", "2026.2"))


@examples
@given(reports=st.lists(st.none() | REPORT, min_size=2, max_size=12), shuffle=st.randoms(use_true_random=False))
def test_a_division_stands_on_its_own_and_rows_have_no_order(
    compiled: dict[str, str], reports: list[Report | None], shuffle: random.Random
) -> None:
    everyone = {(f"c{place % 3}", f"{place:02}"): one for place, one in enumerate(reports)}
    found = tables_of(everyone)
    departments, divisions = scores(compiled, found)
    assert scores(compiled, {name: shuffle.sample(rows, len(rows)) for name, rows in found.items()}) == (
        departments,
        divisions,
    )
    alone = tables_of({key: one for key, one in everyone.items() if key[0] == "c0"})
    for scored, others in zip(scores(compiled, alone), (departments, divisions), strict=True):
        assert scored == {key: others[key] for key in scored}


def test_a_score_worked_out_by_hand(compiled: dict[str, str]) -> None:
    # Execution 180/200 = 0.9; completion 45/90 and 1, so 0.75; of seven core claims all but the self score's verified;
    # one target of two drifts; the evidence is (20·0.9 + 40·0.75)/60 = 0.8, the self score 90: a gap of 0.1; of six
    # contents all but the problems; in time.
    indicators = (Indicator("positive", 90, 60, 45, VERIFIED), Indicator("positive", 10, 10, 20, VERIFIED))
    report = Report(200, 180, VERIFIED, indicators, 90, "unverifiable", False, 0)
    departments, divisions = scores(compiled, tables_of({("a", "1"): report, ("a", "2"): report, ("a", "3"): report}))
    reliability = (10 * Decimal(6) / 7 + 5 * Decimal("0.5") + 10 * Decimal("0.9")) / 25
    completeness = (10 * Decimal(5) / 6 + 5) / 15
    score = 20 * Decimal("0.9") + 40 * Decimal("0.75") + 25 * reliability + 15 * completeness
    assert abs(departments["2026.1", "a.1"] - score) <= TINY
    assert divisions["2026.1", "a"] == departments["2026.1", "a.1"]
    bent = 20 * Decimal("0.9") + 45 * (Decimal("0.4") * 45 / 90 / Decimal("0.6") + 1) / 2
    shown = (20 * Decimal("0.9") + bent - 20 * Decimal("0.9")) / 65
    reliability = 10 * Decimal(6) / 7 + Decimal("2.5") + 10 * (1 - abs(Decimal("0.9") - shown))
    assert abs(departments["2026.2", "a.1"] - (bent + reliability + 6 * Decimal(5) / 6 + 4)) <= TINY * 10
