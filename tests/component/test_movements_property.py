"""Movements hold whatever happens between two editions: the compiled models, run over tables that hypothesis makes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.component.compiled import Rows, compiled_models, table, warehouse
from tests.component.small_lake import PROJECT

MODELS = (
    "int_movement_method", "int_movement_report", "int_movement_member", "int_movement_division",
    "int_movement_division_step", "int_movement_department", "movement_division", "movement_department",
    "movement_member",
)  # fmt: skip
UNIT = Decimal("0.00000001")
METHODS = "method_id VARCHAR, status VARCHAR"
RANK = "province_key VARCHAR, fiscal_year INTEGER, rank INTEGER, score DECIMAL(18,8)"
SCHEMA = f"""
CREATE SCHEMA intermediate;
CREATE TABLE main.movement_causes AS FROM read_csv('{PROJECT}/seeds/movement_causes.csv');
CREATE TABLE intermediate.int_ranking_method ({METHODS}, missing_score DECIMAL(9,3));
CREATE TABLE intermediate.int_previous_method ({METHODS});
CREATE TABLE intermediate.int_previous_division (method_id VARCHAR, division_key VARCHAR, league VARCHAR, {RANK});
CREATE TABLE main.rank_division (method_id VARCHAR, division_key VARCHAR, league VARCHAR, {RANK});
CREATE TABLE intermediate.int_previous_department (method_id VARCHAR, "function" VARCHAR, named_key VARCHAR,
  department_key VARCHAR, division_key VARCHAR, is_member BOOLEAN, {RANK});
CREATE TABLE main.rank_department (method_id VARCHAR, "function" VARCHAR, department_key VARCHAR, division_key VARCHAR,
  {RANK});
CREATE TABLE intermediate.int_division_member (method_id VARCHAR, fiscal_year INTEGER, division_key VARCHAR,
  department_key VARCHAR, score DECIMAL(18,8), has_register BOOLEAN);
CREATE TABLE intermediate.int_previous_submission (submission_version_id VARCHAR, named_key VARCHAR,
  fiscal_year INTEGER, status VARCHAR, reader_version VARCHAR, is_counted BOOLEAN);
CREATE TABLE main.dim_submission (submission_version_id VARCHAR, status VARCHAR, reader_version VARCHAR);
CREATE TABLE intermediate.int_department_year (department_key VARCHAR, fiscal_year INTEGER,
  submission_version_id VARCHAR, is_received BOOLEAN);
"""


@dataclass(frozen=True)
class Report:
    """What a department has in an edition: a version (0 is none) by a reader, and its score (none when returned)."""

    version: int
    reader: int
    score: Decimal | None
    other_score: Decimal | None  # under the method that comes after


@dataclass(frozen=True)
class Department:
    """A department of a division, with its standing in both editions."""

    division: int
    was_member: bool
    is_member: bool
    was_renamed: bool
    before: Report
    now: Report

    @property
    def cause(self) -> str | None:
        """Why it moved its division, in the words of the seed, told apart without the models."""
        return "register" if self.was_member != self.is_member else self.own_cause

    @property
    def own_cause(self) -> str | None:
        """What became of its own report."""
        if self.before.version == self.now.version:
            if self.before.version and self.before.reader != self.now.reader:
                return "rereading"
            return "correction" if self.before.score != self.now.score else None
        if not self.before.version:
            return "new_report"
        return "resubmission" if self.now.version else "withdrawal"


@dataclass(frozen=True)
class World:
    """Two editions; `changed` when the official method of the first is on trial in the second."""

    departments: tuple[Department, ...]
    leagues: tuple[tuple[str, str], ...]  # of each division, then and now
    missing: Decimal
    changed: bool


# Few values, so that ties are frequent, among them some that no mean of which is a round number.
SCORES = st.sampled_from([Decimal(one) for one in ("0", "33.33333333", "50", "66.66666667", "99.99999999", "100")])
SCORE = st.none() | SCORES | st.integers(0, 10**10).map(lambda whole: whole * UNIT)
REPORTS = st.builds(Report, st.integers(1, 2), st.integers(1, 2), SCORE, SCORE)
NOTHING = st.just(Report(0, 0, None, None))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    leagues = draw(st.lists(st.sampled_from([("county", "county")] * 5 + [("county", "zone")]), min_size=1, max_size=4))
    alike = REPORTS.flatmap(lambda report: st.tuples(st.just(report), st.just(report)))
    pairs = alike | st.tuples(REPORTS | NOTHING, REPORTS | NOTHING)
    membership = st.sampled_from([(True, True)] * 6 + [(True, False), (False, True)])
    made = st.builds(
        lambda division, member, renamed, pair: Department(division, *member, renamed, *pair),
        st.integers(0, len(leagues) - 1), membership, st.booleans(), pairs,
    )  # fmt: skip
    departments = draw(st.lists(made, min_size=1, max_size=14))
    missing = draw(st.sampled_from([Decimal(0), Decimal("12.345")]))
    return World(tuple(departments), tuple(leagues), missing, draw(st.booleans()))


# The tables of a world ------------------------------------------------------------------------------------------------


def mean(scores: list[Decimal | None], missing: Decimal) -> Decimal | None:
    """The mean of a division's members, rounded half up to 10^-8; None where nobody has a score."""
    if all(score is None for score in scores):
        return None
    total = int(sum(missing if score is None else score for score in scores) / UNIT)
    return (2 * total + len(scores)) // (2 * len(scores)) * UNIT


def ranked(units: Iterable[dict[str, Any]], *peers: str) -> list[dict[str, Any]]:
    """Competition ranks among units that agree in `peers`; None without a score."""
    listed = list(units)
    for one in listed:
        among = [other for other in listed if all(one[name] == other[name] for name in peers)]
        ahead = sum(1 for other in among if other["score"] is not None and other["score"] > (one["score"] or 0))
        one |= {"province_key": "p", "fiscal_year": 2024, "rank": None if one["score"] is None else 1 + ahead}
    return listed


def edition(world: World, is_now: bool, method: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Divisions and departments of an edition with their ranks under a method."""
    departments = []
    for number, one in enumerate(world.departments):
        report = one.now if is_now else one.before
        score = report.other_score if method == "B" else report.score
        key, division = f"d{number:02}", f"v{one.division}"
        named = f"old-{key}" if one.was_renamed and not is_now else key
        departments.append(
            {
                "method_id": method, "function": f"f{number % 2}", "department_key": key, "named_key": named,
                "division_key": division, "score": score, "is_member": one.is_member if is_now else one.was_member,
            }
        )  # fmt: skip
    divisions = []
    for number, leagues in enumerate(world.leagues):
        key = f"v{number}"
        members = [one["score"] for one in departments if one["division_key"] == key and one["is_member"]]
        divisions.append(
            {
                "method_id": method, "division_key": key, "league": leagues[is_now],
                "score": mean(members, world.missing),
            }
        )  # fmt: skip
    return ranked(divisions, "league"), ranked(departments, "function")


def tables_of(world: World) -> Rows:
    """Every table that the models read."""
    methods = [{"method_id": "A", "status": "trial" if world.changed else "official", "missing_score": world.missing}]
    if world.changed:
        methods.append({"method_id": "B", "status": "official", "missing_score": world.missing})
    was_divisions, was_departments = edition(world, False, "A")
    now = [edition(world, True, one["method_id"]) for one in methods]
    found: Rows = {
        "intermediate.int_ranking_method": methods,
        "intermediate.int_previous_method": [{"method_id": "A", "status": "official"}],
        "intermediate.int_previous_division": was_divisions,
        "main.rank_division": [row for divisions, _ in now for row in divisions],
        "intermediate.int_previous_department": was_departments,
        "main.rank_department": [row for _, departments in now for row in departments],
        "intermediate.int_division_member": [
            row | {"has_register": True} for _, departments in now for row in departments if row["is_member"]
        ],
    }
    for number, one in enumerate(world.departments):
        key = f"d{number:02}"
        if one.before.version:
            found.setdefault("intermediate.int_previous_submission", []).append(
                {
                    "submission_version_id": f"{key}-{one.before.version}", "fiscal_year": 2024, "status": "accepted",
                    "named_key": was_departments[number]["named_key"], "reader_version": str(one.before.reader),
                    "is_counted": True,
                }
            )  # fmt: skip
        stands = one.now if one.now.version else one.before
        version = f"{key}-{stands.version}" if stands.version else None
        if version:
            status = "accepted" if one.now.version else "withdrawn"
            found.setdefault("main.dim_submission", []).append(
                {"submission_version_id": version, "status": status, "reader_version": str(stands.reader)}
            )
        found.setdefault("intermediate.int_department_year", []).append(
            {"department_key": key, "fiscal_year": 2024, "submission_version_id": version,
             "is_received": bool(one.now.version)}
        )  # fmt: skip
    return found


# The models -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return compiled_models(tmp_path_factory.mktemp("compiled"), MODELS)


def run(compiled: dict[str, str], found: Rows) -> dict[str, list[dict[str, Any]]]:
    """The marts over these tables."""
    with warehouse(SCHEMA, found) as con:
        for model in MODELS:
            con.execute(f"CREATE TABLE {compiled[model]}")
        return {model: table(con, model) for model in MODELS[-3:]}


def parts(rows: list[dict[str, Any]], **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


# The compiled models are the same for every example.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(world=worlds(), shuffle=st.randoms(use_true_random=False))
def test_parts_sum_to_the_whole_whatever_happened(
    compiled: dict[str, str], world: World, shuffle: random.Random
) -> None:
    found = tables_of(world)
    marts = run(compiled, found)
    method = "B" if world.changed else "A"
    divisions_add_up(world, found, marts, method)
    departments_add_up(world, found, marts, method)
    shuffled = {table: shuffle.sample(rows, len(rows)) for table, rows in found.items()}
    assert run(compiled, shuffled) == marts


def divisions_add_up(world: World, found: Rows, marts: Rows, method: str) -> None:
    before = {row["division_key"]: row for row in found["intermediate.int_previous_division"]}
    now = {row["division_key"]: row for row in parts(found["main.rank_division"], method_id=method)}
    between = {row["division_key"]: row for row in parts(found["main.rank_division"], method_id="A")}
    for key, was in before.items():
        rows = parts(marts["movement_division"], method_id=method, division_key=key)
        members = [one for one in world.departments if f"v{one.division}" == key and (one.was_member or one.is_member)]
        causes = Counter(one.cause for one in members if one.cause)
        reason = why_not(was, between[key], now[key], members)
        if reason:
            assert [row["cause"] for row in rows] == [reason]
        elif was["rank"] or now[key]["rank"]:
            assert sum(row["points"] for row in rows) == now[key]["score"] - was["score"]
            assert sum(row["places"] for row in rows) == was["rank"] - now[key]["rank"]
            # Every cause that is there, and no other.
            found_causes = {row["cause"]: row["departments"] for row in rows if row["cause"] not in ("peers", "method")}
            assert found_causes == causes
            of_method = parts(rows, cause="method")
            assert (sum(row["points"] for row in of_method) or 0) == now[key]["score"] - between[key]["score"]
            assert world.changed or not of_method
            assert not any(row["points"] for row in parts(rows, cause="peers"))
            if len(causes) == 1:
                assert parts(rows, cause=next(iter(causes)))[0]["points"] == between[key]["score"] - was["score"]
        shares = parts(marts["movement_member"], method_id=method, division_key=key)
        assert Counter(row["cause"] for row in shares) == causes
        for row in rows if not reason else []:
            if row["departments"]:
                assert sum(one["points"] for one in parts(shares, cause=row["cause"])) == row["points"]


def why_not(was: dict[str, Any], between: dict[str, Any], now: dict[str, Any], members: list[Department]) -> str | None:
    if was["rank"] is None or now["rank"] is None:
        ends = {(False, True): "newly_ranked", (True, False): "no_longer_ranked"}
        return ends.get((was["rank"] is not None, now["rank"] is not None))
    if between["rank"] is None:
        return "method_changed"
    if was["league"] != now["league"]:
        return "other_peers"
    return None if any(one.was_member and one.is_member for one in members) else "other_members"


def departments_add_up(world: World, found: Rows, marts: Rows, method: str) -> None:
    before = found["intermediate.int_previous_department"]
    now = parts(found["main.rank_department"], method_id=method)
    between = parts(found["main.rank_department"], method_id="A")
    for was, then, is_now, one in zip(before, between, now, world.departments, strict=True):
        rows = parts(marts["movement_department"], method_id=method, department_key=is_now["department_key"])
        if was["rank"] is None or is_now["rank"] is None or then["rank"] is None:
            assert all(not row["is_split"] and row["points"] is None for row in rows)
            assert bool(rows) == (was["rank"] is not None or is_now["rank"] is not None)
            continue
        assert sum(row["points"] for row in rows) == is_now["score"] - was["score"]
        assert sum(row["places"] for row in rows) == was["rank"] - is_now["rank"]
        own = [row for row in rows if row["cause"] not in ("peers", "method")]
        assert [row["points"] for row in own] in ([], [then["score"] - was["score"]])
        assert [row["cause"] for row in own] == ([one.own_cause] if one.own_cause else [])
