"""Each rule: a row of the catalogue, an implementation, and short texts on which it fails, passes or does not apply."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from ingest.checking.case import Case
from ingest.checking.grades import thresholds_for
from ingest.checking.rulebook import PAGE, as_markdown
from ingest.checking.verdict import catalogue, implementations, judge
from ingest.documents import read_document
from ingest.identify import Directory, Division, Identity
from ingest.reader import other_divisions
from ingest.reading.grammar import read_table
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

CASES = Path(__file__).with_name("rules")
REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
DIRECTORY = Directory((Division("a", "甲县", "p", ("甲县",)), Division("b", "乙县", "p", ("乙县",))))
SENDER = Identity("a", "甲县", "a-1", "教育局", "甲县教育局", (), 2024, date(2025, 3, 31), ())
# Rules that look for something every report must have: there is no report to which they do not apply.
ALWAYS_APPLY = {"C02", "D01", "E03"}


def case_of(text: str) -> Case:
    document = read_document(text.encode())
    reading = read_report(document, SENDER.fiscal_year, REFERENCE)
    thresholds = thresholds_for(read_table(REFERENCE / "grade_thresholds.csv"), None, SENDER.fiscal_year)
    is_form = bool(document.tables) and all(claim.origin == "form" for claim in reading.claims)
    others = other_divisions(reading.text, SENDER, DIRECTORY)
    return Case(SENDER, reading.claims, reading.statements, (), reading.text, thresholds, is_form, others)


def outcomes(rule_id: str, text: str) -> set[str]:
    parents = {row["category"]: row["parent"] for row in read_table(REFERENCE / "budget_categories.csv")}
    judged = judge(case_of(text), parents, REFERENCE)
    return {finding.result.outcome for finding in judged.findings if finding.rule_id == rule_id}


def written_cases() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for outcome, text in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if text is not None:
                found.append((path.stem, outcome, text))
    return found


@pytest.mark.parametrize(("rule_id", "outcome", "text"), written_cases())
def test_rule_says_what_its_case_is(rule_id: str, outcome: str, text: str) -> None:
    assert outcomes(rule_id, text) == {outcome}


def test_every_rule_is_complete() -> None:
    rows = catalogue(REFERENCE)
    assert set(rows) == set(implementations()) == {path.stem for path in CASES.glob("*.yaml")}
    for rule_id, row in rows.items():
        assert all(value.strip() for value in row.values()), f"{rule_id}: an empty column in rules.csv"
        cases = yaml.safe_load((CASES / f"{rule_id}.yaml").read_text(encoding="utf-8"))
        needed = {"pass", "fail"} | (set() if rule_id in ALWAYS_APPLY else {"not_applicable"})
        assert needed <= {outcome for outcome, text in cases.items() if text}, f"{rule_id}: a case is missing"


def test_messages_name_what_was_expected_and_found() -> None:
    for rule_id, outcome, text in written_cases():
        if outcome != "fail":
            continue
        parents = {row["category"]: row["parent"] for row in read_table(REFERENCE / "budget_categories.csv")}
        failed = [f for f in judge(case_of(text), parents, REFERENCE).findings if f.rule_id == rule_id]
        assert failed[0].message_zh and failed[0].message_en and failed[0].remedy_zh
        assert "{" not in failed[0].message_zh


def test_the_rule_book_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_markdown(catalogue(REFERENCE)), "run `make docs`"
