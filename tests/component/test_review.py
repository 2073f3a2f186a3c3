"""Questions about names and roles in a warehouse that dbt has built, and what answers do to facts of past nights."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.component.small_lake import (
    NIGHT,
    NO_UNIT_TESTS,
    RECEIVED,
    Build,
    Report,
    Row,
    build,
    division,
    due,
    land,
    version,
)

ANSWERED = NIGHT + timedelta(hours=12)
CORRECTED = NIGHT + timedelta(hours=13)
DOUBTED, KEPT = "新落地项目【70宗】。〔component〕", "新落地项目【71宗】。〔component〕"
BRIDGES = {"surface": "改造危桥"}


def report(version_id: str) -> list[Row]:
    """An unknown indicator with target, actual, rate and forecast; a growth; a money figure; two unknown roles."""
    one = Report(version_id)
    one.count("target", None, "15", **BRIDGES)
    done = one.count("actual", None, "18", **BRIDGES)
    one.says("completion_rate", "stated", None, "120", "%", ("1.2", "ratio"), host_claim_id=done, **BRIDGES)
    one.count("forecast", None, "40", **BRIDGES)
    one.count("component", None, "7", **BRIDGES)
    one.says("indicator", "actual", None, "3", "亿元", ("300000000", "元"), **BRIDGES)
    one.says("growth", "actual", None, "5", "%", ("0.05", "ratio"), surface="服务业营业收入")
    one.count("unknown", "landed_projects", "6", surface="新落地项目")
    one.says("figure", "unknown", None, "12", "次", ("12", "次"), quote="12次", sentence="到12次为止。")
    one.count("actual", None, "9", surface="新签约重点项目")
    one.says("expenditure", "actual", "total", "5", "万元", ("50000", "元"))
    one.count("actual", "landed_projects", "70", surface="新落地项目", quote="70宗", sentence="新落地项目70宗。")
    one.count("actual", "landed_projects", "71", surface="新落地项目", quote="71宗", sentence="新落地项目71宗。")
    return one.claims


def vote(claim: Row, **voted: str) -> Row:
    """The second reader's other opinion of a claim."""
    named = {name: claim[name] for name in ("submission_version_id", "claim_id")}
    return named | {"outcome": "disagree", "model": "a-model"} | {f"voted_{name}": said for name, said in voted.items()}


def answer(item: Row, kind: str, said: str | None, at: datetime, **more: object) -> Row:
    """A row of the lake for an item of the review queue."""
    named = {name: item[name] for name in ("review_item_id", "question", "surface", "unit_family")}
    given = {"answer_kind": kind, "answer": said, "answered_by": "甲", "answered_at": at, "reason": "常用说法"}
    return named | given | {"answer_id": f"{item['review_item_id']}-{at:%H}"} | more


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lake")
    land(root, "0-genesis", datetime(1970, 1, 1, tzinfo=UTC), {})
    keys = ("one-roads", "two-roads")
    claims = [claim for key in keys for claim in report(f"{key}-v1")]
    doubted = [claim for claim in claims if claim["value"] in (70, 71)]
    land(
        root,
        "1-first",
        NIGHT,
        {
            "division": [division("east", "province", None, "east")]
            + [division(key, "county", "county", "east") for key in ("one", "two")],
            "due_submission": [due("one", "roads"), due("two", "roads")],
            "submission_version": [version(key) for key in keys],
            "claim": claims,
            "vote": [vote(claim, role="component") for claim in doubted],
        },
    )
    return root


@pytest.fixture(scope="module")
def asked(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build(lake, tmp_path_factory.mktemp("asked"), NIGHT, *NO_UNIT_TESTS)


@pytest.fixture(scope="module")
def items(asked: Build) -> dict[tuple[str, str, str], Row]:
    rows = asked.rows("FROM review_item")
    return {(row["question"], row["surface"], row["unit_family"]): row for row in rows}


@pytest.fixture(scope="module")
def answered(lake: Path, items: dict[tuple[str, str, str], Row], tmp_path_factory: pytest.TempPathFactory) -> Build:
    bridges = items["indicator", "改造危桥", "count"]
    made = {
        "name": "改造危桥", "name_en": "Unsafe bridges rebuilt", "category": "output_quantity",
        "direction": "positive", "indicator_unit_family": "count",
    }  # fmt: skip
    first = [
        answer(bridges, "no_indicator", None, ANSWERED),
        answer(items["rate_of", "服务业营业收入", "ratio"], "no_indicator", None, ANSWERED),
        answer(items["role", "新落地项目", "count"], "role", "target", ANSWERED),
        answer(items["second_reader", DOUBTED, "count"], "role", "component", ANSWERED),
        answer(items["second_reader", KEPT, "count"], "no_indicator", None, ANSWERED),
    ]
    land(lake, "2-answers", ANSWERED, {"review_answer": first})
    second = [answer(bridges, "new_indicator", "bridges_rebuilt", CORRECTED, **made)]
    land(lake, "3-corrected", CORRECTED, {"review_answer": second})
    return build(lake, tmp_path_factory.mktemp("answered"), CORRECTED, *NO_UNIT_TESTS)


def test_what_is_unknown_is_asked_with_all_that_hangs_on_it(items: dict[tuple[str, str, str], Row]) -> None:
    assert {key: row["claim_count"] for key, row in items.items()} == {
        ("indicator", "改造危桥", "count"): 10, ("indicator", "改造危桥", "money"): 2,
        ("indicator", "新签约重点项目", "count"): 2, ("rate_of", "服务业营业收入", "ratio"): 2,
        ("role", "新落地项目", "count"): 2, ("role", "到【12次】为止。", "count"): 2,
        ("second_reader", DOUBTED, "count"): 2, ("second_reader", KEPT, "count"): 2,
    }  # fmt: skip
    bridges = items["indicator", "改造危桥", "count"]
    assert (bridges["version_count"], bridges["division_count"]) == (2, 2)
    assert bridges["first_seen_at"] == bridges["last_seen_at"] == RECEIVED
    assert bridges["units"] == ["%", "宗"]


def test_candidates_stand_inside_the_gates(items: dict[tuple[str, str, str], Row]) -> None:
    assert items["indicator", "新签约重点项目", "count"]["candidates"] == ["signed_projects"]
    assert items["role", "新落地项目", "count"]["candidates"] == []


def test_no_candidate_becomes_a_fact_by_itself(asked: Build) -> None:
    assert asked.rows("FROM fct_claim WHERE surface = '新签约重点项目' AND indicator_key IS NOT NULL") == []


def test_an_answer_makes_facts_of_all_past_claims(answered: Build) -> None:
    outcomes = answered.rows("FROM fct_indicator_outcome WHERE indicator_key = 'bridges_rebuilt' ORDER BY ALL")
    assert [row["submission_version_id"] for row in outcomes] == ["one-roads-v1", "two-roads-v1"]
    assert {(int(row["target_value"]), int(row["actual_value"])) for row in outcomes} == {(15, 18)}
    assert {str(row["stated_completion_rate"]) for row in outcomes} == {"1.20000000"}
    assert answered.row("FROM dim_indicator WHERE indicator_key = 'bridges_rebuilt'")["unit_family"] == "count"


def test_a_forecast_stays_a_forecast_under_a_new_name(answered: Build) -> None:
    named = answered.rows(
        "SELECT DISTINCT role, indicator_resolved_by FROM fct_claim WHERE value IN (40, 7) ORDER BY 1"
    )
    assert [tuple(row.values()) for row in named] == [("component", "answer"), ("forecast", "answer")]


def test_an_answer_counts_inside_its_unit_family_only(answered: Build) -> None:
    money = answered.rows("FROM fct_claim WHERE surface = '改造危桥' AND unit = '亿元'")
    assert {row["indicator_key"] for row in money} == {None}


def test_an_unknown_role_takes_the_answer(answered: Build) -> None:
    claims = answered.rows("FROM fct_claim WHERE surface = '新落地项目' AND value = 6")
    assert {(row["role"], row["indicator_key"]) for row in claims} == {("target", "landed_projects")}


def test_a_doubt_of_the_second_reader_is_settled_by_a_person(asked: Build, answered: Build) -> None:
    roles = "SELECT DISTINCT value::INTEGER AS value, role FROM fct_claim WHERE value IN (70, 71) ORDER BY 1"
    assert [row["role"] for row in asked.rows(roles)] == ["actual", "actual"]
    assert [row["role"] for row in answered.rows(roles)] == ["component", "actual"]


def test_answered_questions_are_gone_and_the_others_stay(answered: Build) -> None:
    rows = answered.rows("SELECT question, surface, unit_family FROM review_item ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == [
        ("indicator", "改造危桥", "money"), ("indicator", "新签约重点项目", "count"),
        ("role", "到【12次】为止。", "count"),
    ]  # fmt: skip


def test_a_past_night_knows_no_later_answer(lake: Path, asked: Build, answered: Build, tmp_path: Path) -> None:
    assert build(lake, tmp_path, NIGHT, *NO_UNIT_TESTS).content() == asked.content()
