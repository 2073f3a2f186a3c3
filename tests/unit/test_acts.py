"""What people decide: refused without reason, approver, end and scope; kept for ever; ending by itself."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.acts import Act, ActError, record, waiver_of, waivers_in_force
from ingest.lake import Lake

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WAIVER: dict[str, Any] = {
    "kind": "waiver",
    "words": "系统口径调整，年内统一改正",
    "by": "经办人",
    "rule_id": "A01",
    "approved_by": "处长",
    "valid_until": date(2026, 6, 30),
    "division_key": "d1",
}
VERSION = {"submission_version_id": "v1", "division_key": "d1", "department_key": "d1-x", "fiscal_year": 2025}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    findings = [
        {"finding_id": f"v1-{severity}", "submission_version_id": "v1", "severity": severity, "outcome": "fail"}
        for severity in ("P0", "P1")
    ]
    version = VERSION | {"submission_id": "s1"}
    made.land({"submission_version": [version], "finding": findings}, NOON - timedelta(days=1))
    return made


@pytest.mark.parametrize("missing", ["approved_by", "valid_until", "rule_id", "division_key", "by", "words"])
def test_a_waiver_without_all_it_needs_is_refused(lake: Lake, missing: str) -> None:
    empty = "" if missing in ("by", "words") else None
    with pytest.raises(ActError):
        record(lake, Act(**WAIVER | {missing: empty}), NOON)
    assert not lake.read("act")


@pytest.mark.parametrize(
    "wrong", [{"approved_by": "经办人"}, {"valid_until": date(2026, 3, 1)}, {"words": "同意"}], ids=str
)
def test_a_waiver_of_ones_own_or_of_the_past_or_without_a_reason_is_refused(lake: Lake, wrong: dict) -> None:
    with pytest.raises(ActError):
        record(lake, Act(**WAIVER | wrong), NOON)


def test_a_waiver_holds_to_its_last_day_and_not_longer(lake: Lake) -> None:
    record(lake, Act(**WAIVER), NOON)
    held = [bool(waivers_in_force(lake.read("act"), day)) for day in (date(2026, 6, 30), date(2026, 7, 1))]
    assert held == [True, False]


def test_an_exception_from_the_gate_names_rows_and_ends_within_a_quarter(lake: Lake) -> None:
    of_the_gate = {name: value for name, value in WAIVER.items() if name != "division_key"}
    of_the_gate |= {"kind": "gate_waiver", "rule_id": "K10", "keys": ("d1-x 2025",), "valid_until": date(2026, 5, 31)}
    waiver = record(lake, Act(**of_the_gate), NOON)
    [row] = lake.read("act")
    assert row["keys"] == ["d1-x 2025"] and not waivers_in_force(lake.read("act"), date(2026, 3, 2))
    assert waivers_in_force(lake.read("act"), date(2026, 5, 31), "gate_waiver")
    for wrong in ({"valid_until": date(2026, 7, 1)}, {"approved_by": "经办人"}, {"rule_id": None}):
        with pytest.raises(ActError):
            record(lake, Act(**of_the_gate | wrong), NOON)
    record(lake, Act("waiver_ended", "程序已改正", "处长", refers_to=waiver["act_id"]), NOON + timedelta(hours=1))
    assert not waivers_in_force(lake.read("act"), date(2026, 5, 31), "gate_waiver")


def test_a_waiver_can_be_ended_and_stays_on_record(lake: Lake) -> None:
    waiver = record(lake, Act(**WAIVER), NOON)
    record(lake, Act("waiver_ended", "口径已统一", "处长", refers_to=waiver["act_id"]), NOON + timedelta(hours=1))
    assert [row["kind"] for row in lake.read("act")] == ["waiver", "waiver_ended"]
    assert not waivers_in_force(lake.read("act"), date(2026, 3, 2))


@pytest.mark.parametrize(
    ("scope", "covers"),
    [
        ({"division_key": "d1"}, True),
        ({"division_key": "d2"}, False),
        ({"division_key": "d1", "fiscal_year": 2024}, False),
        ({"division_key": None, "department_key": "d1-x"}, True),
        ({"division_key": None, "submission_version_id": "v2"}, False),
        ({"rule_id": "A02"}, False),
    ],
    ids=str,
)
def test_a_waiver_covers_its_rule_in_its_scope_only(scope: dict, covers: bool) -> None:
    row = Act(**WAIVER | scope).row(NOON)
    assert (waiver_of({"rule_id": "A01"}, VERSION, [row]) is row) is covers


def test_a_p0_is_mended_and_not_explained(lake: Lake) -> None:
    record(lake, Act("explanation", "年中政策调整，已报备", "县局", finding_id="v1-P1"), NOON)
    with pytest.raises(ActError, match="P0"):
        record(lake, Act("explanation", "年中政策调整，已报备", "县局", finding_id="v1-P0"), NOON)


@pytest.mark.parametrize(
    "act",
    [
        Act("explanation", "年中政策调整", "县局", finding_id="other"),
        Act("decision", "情况属实，采纳", "省厅", refers_to="other", state="accepted"),
        Act("appeal", "不认可复核得分", "县局", submission_id="other"),
        Act("withdrawal", "误报，重新报送", "县局", submission_id="other"),
        Act("reviewed_score", "现场复核", "省厅", submission_version_id="other", score=Decimal(80)),
    ],
    ids=lambda act: act.kind,
)
def test_an_act_on_what_is_not_there_is_refused(lake: Lake, act: Act) -> None:
    with pytest.raises(ActError):
        record(lake, act, NOON)


def test_a_decision_has_a_state_that_its_kind_knows(lake: Lake) -> None:
    explanation = record(lake, Act("explanation", "年中政策调整，已报备", "县局", finding_id="v1-P1"), NOON)
    with pytest.raises(ActError, match="accepted"):
        record(lake, Act("decision", "情况属实", "省厅", refers_to=explanation["act_id"], state="upheld"), NOON)
    record(lake, Act("decision", "情况属实", "省厅", refers_to=explanation["act_id"], state="accepted"), NOON)
    assert len(lake.read("act")) == 2
