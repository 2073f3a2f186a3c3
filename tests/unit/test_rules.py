"""Each rule: a row of the catalogue, an implementation, and short texts on which it fails, passes or does not apply."""

from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.channels.manifest import Declared
from ingest.checking.case import Case
from ingest.checking.catalogue import SEVERITIES, catalogue, explanations_of, parameters_for
from ingest.checking.history import History
from ingest.checking.profile import Profile, profile_of
from ingest.checking.rulebook import CATEGORIES, PAGE, as_markdown, effects_of
from ingest.checking.verdict import GRAVE, Finding, implementations, judge, judge_filing
from ingest.documents import read_document
from ingest.identify import Directory, Division, Identity, department_key_of
from ingest.reader import ReaderData, case_of
from ingest.reading.grammar import read_table
from ingest.reading.report import read_report
from jiheng.settings import LOCAL_TIME, PROJECT_ROOT

CASES = Path(__file__).with_name("rules")
REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
DIVISIONS = (Division("a", "甲县", "p", ("甲县",)), Division("b", "乙县", "p", ("乙县",)))
PARENTS = {row["category"]: row["parent"] for row in read_table(REFERENCE / "budget_categories.csv")}
# Columns of the catalogue that may be empty.
MAY_BE_EMPTY = {"explained_by"}
# What a written case may say beside its text, as it is for all cases that do not say it.
FACTS: dict[str, Any] = {
    "department": "教育局",
    "fiscal_year": 2024,
    "filled_on": date(2025, 3, 31),
    "received_on": date(2025, 3, 31),
    "registered": ["教育局"],
    "division": "甲县",
    "functions": ["education"],
    # Reports that arrived earlier, each with its own facts; `departments` stands for one of each.
    "earlier": [],
    "sender_division": None,
    "due_on": None,
    # What a manifest says of it: some of division, department and fiscal_year.
    "declared": None,
    "province": "",
}


def facts_of(written: str | dict[str, Any]) -> dict[str, Any]:
    """A written case: its text alone, or a mapping with `text` and some of `FACTS`."""
    return FACTS | (written if isinstance(written, dict) else {"text": written})


def sender_of(facts: dict[str, Any]) -> Identity:
    name, division = facts["department"], next(one for one in DIVISIONS if one.name == facts["division"])
    key, full_name = department_key_of(division.division_key, name), division.name + name
    filled_on = facts["filled_on"]
    year, functions = facts["fiscal_year"], tuple(facts["functions"])
    return Identity(division.division_key, division.name, key, name, full_name, functions, year, filled_on, ())


def case(written: str | dict[str, Any]) -> Case:
    """A written case as rules are given it."""
    facts = facts_of(written)
    sender = sender_of(facts)
    departments = {"a": dict.fromkeys(facts["registered"], ())} if facts["registered"] else {}
    data = ReaderData(Directory(DIVISIONS, departments), {"a": facts["province"]}, REFERENCE)
    document = read_document(facts["text"].encode())
    reading = read_report(document, sender.fiscal_year, REFERENCE)
    return case_of(document, sender, reading, data, facts["received_on"])


def judged(facts: dict[str, Any]) -> tuple[Profile, tuple[Finding, ...]]:
    """The profile of a written report and what the rules say of it alone."""
    read, sender = case(facts), sender_of(facts)
    judgement = judge(read, PARENTS, REFERENCE)
    received_at = datetime.combine(facts["received_on"], time(12), LOCAL_TIME)
    version = f"{sender.submission_id}-{received_at:%j}"
    profile = profile_of(sender, judgement.claims, read.statements, read.text, version, received_at)
    failed = {one.rule_id for one in judgement.findings if one.result.outcome == "fail" and one.severity in GRAVE}
    return replace(profile, failed=frozenset(failed)), judgement.findings


@cache
def findings(path: Path, outcome: str) -> tuple[Finding, ...]:
    """What every rule says of a written case."""
    facts = facts_of(yaml.safe_load(path.read_text(encoding="utf-8"))[outcome])
    profile, found = judged(facts)
    known = [
        judged(facts_of(one) | {"department": name})[0]
        for one in facts["earlier"]
        for name in one.get("departments", [one.get("department", FACTS["department"])])
    ]
    parameters = parameters_for(read_table(REFERENCE / "rule_parameters.csv"), None, profile.fiscal_year)
    filing = History.of(known).filing(profile, parameters, facts["sender_division"], facts["due_on"])
    filing = replace(filing, declared=Declared(**facts["declared"]) if facts["declared"] else None)
    return (*found, *judge_filing(filing, REFERENCE))


def written_cases() -> list[tuple[str, str]]:
    """Every written case by its rule and the outcome it must have."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        cases = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [(path.stem, outcome) for outcome, text in cases.items() if text is not None]
    return found


def of_rule(rule_id: str, outcome: str) -> list[Finding]:
    """What the rule says of its own case."""
    return [one for one in findings(CASES / f"{rule_id}.yaml", outcome) if one.rule_id == rule_id]


@pytest.mark.parametrize(("rule_id", "outcome"), written_cases())
def test_rule_says_what_its_case_is(rule_id: str, outcome: str) -> None:
    assert {one.result.outcome for one in of_rule(rule_id, outcome)} == {outcome}


@pytest.mark.parametrize("rule_id", [rule_id for rule_id, outcome in written_cases() if outcome == "fail"])
def test_a_failure_says_where_what_and_how_to_mend_it(rule_id: str) -> None:
    for one in of_rule(rule_id, "fail"):
        assert one.message_zh and one.message_en and one.remedy_zh and one.remedy_en
        assert not {"{", "}"} & set(one.message_zh + one.message_en)
        assert one.result.expected or one.result.found


def test_every_rule_is_complete() -> None:
    rows = catalogue(REFERENCE)
    assert set(rows) == set(implementations()) == {path.stem for path in CASES.glob("*.yaml")}
    effects = {row["effect"] for row in read_table(REFERENCE / "rule_effects.csv")}
    for rule_id, row in rows.items():
        empty = [name for name, value in row.items() if not value.strip() and name not in MAY_BE_EMPTY]
        assert not empty, f"{rule_id}: empty columns in rules.csv: {empty}"
        assert row["effect"] in effects and row["category"] in CATEGORIES and set(explanations_of(row)) <= set(rows)
        cases = yaml.safe_load((CASES / f"{rule_id}.yaml").read_text(encoding="utf-8"))
        assert {"pass", "fail", "not_applicable"} <= {outcome for outcome, text in cases.items() if text}, (
            f"{rule_id}: a case is missing"
        )


def test_parameters_have_one_value_for_a_place_and_a_year() -> None:
    rows = read_table(REFERENCE / "rule_parameters.csv")
    keys = [(row["parameter"], row["province_key"], row["valid_from_year"]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_a_demotion_is_milder_and_has_a_reason_and_an_end() -> None:
    rows = catalogue(REFERENCE)
    for row in read_table(REFERENCE / "rule_demotions.csv"):
        assert SEVERITIES.index(row["severity"]) > SEVERITIES.index(rows[row["rule_id"]]["severity"])
        assert all(value.strip() for value in row.values()) and date.fromisoformat(row["until"])


def test_the_rule_book_is_up_to_date() -> None:
    page = as_markdown(catalogue(REFERENCE), effects_of(REFERENCE))
    assert PAGE.read_text(encoding="utf-8") == page, "run `make docs`"
