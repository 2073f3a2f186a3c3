"""What people decided, in the warehouse: waivers to their last day, explanations, reviewed scores, appeals."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.acts import Act
from tests.component.small_lake import (
    LATE,
    NEXT_NIGHT,
    NIGHT,
    YEAR,
    Build,
    Row,
    build,
    division,
    due,
    failed,
    land,
    version,
    whole_report,
)

# The models that tell of decisions, with all they rest on.
WANTED = ("--select", "+filing_overview", "+filing_day", "+fct_act", "+fct_self_evaluation", "resource_type:seed")
WANTED += ("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test")
DECIDED = NIGHT + timedelta(hours=1)
LAST_DAY = date(2025, 4, 10)
DEPARTMENTS = ("one-waived", "one-explained", "one-refused", "one-withdrawn", "one-plain", "one-nothing")


def act(kind: Any, words: str, **said: Any) -> Row:
    return Act(kind, words, "绩效处", **said).row(DECIDED)


def acts() -> list[Row]:
    explained = act("explanation", "年中政策调整", finding_id="one-explained-v1-B06")
    refused = act("explanation", "没有原因", finding_id="one-refused-v1-B06")
    appeal = act("appeal", "不认可复核得分", submission_id=f"one-plain-{YEAR}")
    waiver = {"rule_id": "A01", "department_key": "one-waived", "approved_by": "处长", "valid_until": LAST_DAY}
    return [
        act("waiver", "口径调整，年内统一", **waiver),
        *(explained, refused, appeal),
        act("decision", "情况属实", refers_to=explained["act_id"], state="accepted"),
        act("decision", "理由不充分", refers_to=refused["act_id"], state="refused"),
        act("appeal_decision", "维持原判", refers_to=appeal["act_id"], state="rejected"),
        act("reviewed_score", "现场复核", submission_version_id="one-plain-v1", score=Decimal("81.5")),
        act("withdrawal", "误报", submission_id=f"one-withdrawn-{YEAR}"),
    ]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lake")
    sent = [name for name in DEPARTMENTS if name != "one-nothing"]
    rows = {
        "division": [division("east", "province", None, "east"), division("one", "county", "county", "east")],
        "due_submission": [due("one", name.partition("-")[2]) for name in DEPARTMENTS],
        "submission_version": [version(name, received_at=LATE) for name in sent],
        "claim": [claim for name in sent for claim in whole_report(f"{name}-v1")],
        "finding": [
            failed("one-waived-v1", "A01", "P0"),
            failed("one-explained-v1", "B06", "P1"),
            failed("one-refused-v1", "B06", "P1"),
            failed("one-plain-v1", "B03", "P2"),
        ],
        "arrival": [
            {"arrival_id": f"a-{name}-v1", "source_name": f"{name}.docx", "received_at": LATE, "outcome": "identified"}
            for name in sent
        ],
    }
    land(root, "1-first", NIGHT, rows)
    land(root, "2-acts", DECIDED, {"act": acts()})
    return root


@pytest.fixture(scope="module")
def decided(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build(lake, tmp_path_factory.mktemp("decided"), NEXT_NIGHT, *WANTED, day=LAST_DAY)


def statuses(built: Build) -> dict[str, str]:
    return {row["department_key"]: row["status"] for row in built.rows("FROM dim_submission")}


def test_a_decision_changes_the_status_and_only_what_it_is_about(decided: Build) -> None:
    assert statuses(decided) == {
        "one-waived": "accepted",
        "one-explained": "accepted",
        "one-refused": "accepted_with_findings",
        "one-withdrawn": "withdrawn",
        "one-plain": "accepted_with_findings",
    }
    found = {row["finding_id"]: row for row in decided.rows("FROM fct_finding")}
    assert found["one-waived-v1-A01"]["waiver_id"] and not found["one-waived-v1-A01"]["is_open"]
    assert found["one-refused-v1-B06"]["explanation_state"] == "refused" and found["one-refused-v1-B06"]["is_open"]


def test_before_it_was_decided_nothing_of_it_is_known(lake: Path, tmp_path: Path) -> None:
    built = build(lake, tmp_path, NIGHT, *WANTED, day=NIGHT.date())
    assert statuses(built)["one-waived"] == "returned"
    assert not built.rows("FROM fct_act")


def test_a_waiver_ends_by_itself_after_its_last_day(lake: Path, tmp_path: Path) -> None:
    built = build(lake, tmp_path, NEXT_NIGHT, *WANTED, day=LAST_DAY + timedelta(days=1))
    assert statuses(built)["one-waived"] == "returned"
    [waiver] = built.rows("FROM fct_act WHERE kind = 'waiver'")
    assert not waiver["is_in_force"], "it stays on record"


def test_the_reviewers_score_stands_beside_the_self_score(decided: Build) -> None:
    row = decided.row("FROM fct_self_evaluation WHERE submission_version_id = 'one-plain-v1'")
    assert (row["self_score"], row["reviewed_score"]) == (Decimal(90), Decimal("81.50"))


def test_an_appeal_has_the_state_of_its_decision(decided: Build) -> None:
    [appeal] = decided.rows("FROM fct_act WHERE kind = 'appeal'")
    assert appeal["state"] == "rejected"


def test_who_has_filed_and_who_owes_what(decided: Build) -> None:
    rows = {row["department_key"]: row for row in decided.rows("FROM filing_overview")}
    assert rows.keys() == set(DEPARTMENTS)
    assert (rows["one-nothing"]["state"], rows["one-nothing"]["days_late"]) == ("overdue", 10)
    assert (rows["one-withdrawn"]["state"], rows["one-waived"]["state"]) == ("overdue", "accepted")
    assert (rows["one-plain"]["days_late"], rows["one-plain"]["p2_open"]) == (1, 1)
    days = decided.rows("FROM filing_day")
    assert [(row["division_key"], row["files"], row["versions"]) for row in days] == [("one", 5, 5)]


def test_before_the_due_day_nothing_is_overdue(lake: Path, tmp_path: Path) -> None:
    built = build(lake, tmp_path, NIGHT, *WANTED, day=date(2025, 3, 31))
    assert {row["state"] for row in built.rows("FROM filing_overview WHERE NOT is_due OR versions = 0")} == {"expected"}
