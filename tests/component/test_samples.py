"""The sample province: made again it is byte-equal, and its truth holds together."""

from __future__ import annotations

import csv
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from samples.faults import FAULTS
from samples.figures import grade_of, percent
from samples.generator import generate
from samples.wording_data import indicators

ROOT = Path(__file__).parents[2]
PROVINCE = ROOT / "samples" / "province"
SEEDS = ROOT / "dbt_project" / "seeds"
TRUTH = json.loads((PROVINCE / "truth.json").read_text(encoding="utf-8"))
FILES: dict[str, dict[str, Any]] = TRUTH["files"]
REPORTS = {name: row for name, row in FILES.items() if row["expected_outcome"] == "identified"}
SIZE_LIMIT = 1_500_000  # the province is committed: it has to stay small


def _all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _generate(target: Path, **changes: Any) -> dict[str, Any]:
    arguments = TRUTH["arguments"] | changes
    generate(target, **(arguments | {"errors": Decimal(arguments["errors"])}))
    made: dict[str, Any] = json.loads((target / "truth.json").read_text(encoding="utf-8"))
    return made


def test_made_again_it_is_byte_equal(tmp_path: Path) -> None:
    _generate(tmp_path)
    assert _all_files(tmp_path) == _all_files(PROVINCE)


def test_another_seed_gives_another_province(tmp_path: Path) -> None:
    _generate(tmp_path, seed=8, divisions=3, years=1)
    assert (tmp_path / "truth.json").read_bytes() != (PROVINCE / "truth.json").read_bytes()


def test_without_errors_nothing_is_planted(tmp_path: Path) -> None:
    made = _generate(tmp_path, errors="0", divisions=4, years=1)
    assert not [name for name, row in made["files"].items() if row.get("planted")]


@pytest.mark.parametrize("changes", [{"divisions": 0}, {"errors": "1.5"}])
def test_impossible_sizes_are_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="start at 1"):
        _generate(tmp_path, **changes)


def test_many_divisions_have_names_and_keys_of_their_own(tmp_path: Path) -> None:
    _generate(tmp_path, divisions=230, departments=1, years=1)
    rows = _rows(tmp_path / "registers" / "divisions.csv")
    assert len({row["name"] for row in rows}) == len({row["division_key"] for row in rows}) == len(rows)


def test_many_departments_have_names_of_their_own(tmp_path: Path) -> None:
    _generate(tmp_path, divisions=1, departments=90, years=1)
    rows = _rows(tmp_path / "registers" / "due_submissions.csv")
    assert len({row["department_name"] for row in rows}) == len(rows) == 90


def test_every_file_has_its_truth_and_the_whole_is_small() -> None:
    inbox = _all_files(PROVINCE / "inbox")
    assert set(inbox) == set(FILES)
    assert sum(map(len, _all_files(PROVINCE).values())) < SIZE_LIMIT


def test_counts() -> None:
    due = _rows(PROVINCE / "registers" / "due_submissions.csv")
    latest = max(int(row["fiscal_year"]) for row in due)
    current = Counter(
        row["division_key"] for row in REPORTS.values() if row["fiscal_year"] == latest and row["is_current"]
    )
    owed = Counter(row["division_key"] for row in due if int(row["fiscal_year"]) == latest)
    assert len(owed) == 12
    assert sum(owed.values()) == 48
    assert 36 <= sum(current.values()) <= 44
    assert sum(current[key] * 2 < count for key, count in owed.items()) == 1  # one division far below any floor
    assert {row["format"] for row in REPORTS.values()} == {"txt", "docx", "pdf", "xlsx"}
    assert any(row["encoding"] == "gb18030" for row in REPORTS.values())
    assert any(row["is_late"] for row in REPORTS.values())
    assert sum(not row["is_current"] for row in REPORTS.values()) == 1


def test_bad_files_cover_the_reasons() -> None:
    reasons = Counter(row["reason_code"] for row in FILES.values() if row["expected_outcome"] == "quarantined")
    expected = {"EMPTY_FILE", "UNKNOWN_FORMAT", "UNREADABLE", "DUPLICATE", "UNKNOWN_DIVISION", "NOT_A_REPORT"}
    assert reasons == dict.fromkeys(expected, 1)


def test_the_duplicate_is_exact() -> None:
    name, row = next((name, row) for name, row in FILES.items() if row["reason_code"] == "DUPLICATE")
    assert (PROVINCE / "inbox" / name).read_bytes() == (PROVINCE / "inbox" / row["copy_of"]).read_bytes()


def test_every_kind_of_error_is_planted_in_about_a_third_of_the_reports() -> None:
    kinds = [kind for row in REPORTS.values() for kind in row["error_kinds"]]
    assert set(kinds) == set(FAULTS)
    assert Decimal("0.25") < Decimal(len(kinds)) / len(REPORTS) < Decimal("0.40")
    assert all(len(row["planted"]) <= 1 for row in REPORTS.values())


def test_every_report_is_owed() -> None:
    due = {
        (row["division_key"], row["department_name"], int(row["fiscal_year"]))
        for row in _rows(PROVINCE / "registers" / "due_submissions.csv")
    }
    assert {(row["division_key"], row["department_name"], row["fiscal_year"]) for row in REPORTS.values()} <= due


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_identities_hold_in_the_truth(name: str) -> None:
    row = REPORTS[name]
    for figures in (row["budget"]["initial"], row["budget"]["adjusted"], row["expenditure"]):
        parts = sum(Decimal(value) for category, value in figures.items() if category != "total")
        assert parts == Decimal(figures["total"])
    kinds = set(row["error_kinds"])
    for category, rate in row["execution_rates_stated"].items():
        true = percent(Decimal(row["expenditure"][category]), Decimal(row["budget"]["adjusted"][category]))
        is_wrong = "execution_rate_wrong" in kinds and category == "total"
        assert (Decimal(rate) != true) == is_wrong
    score = row["self_evaluation"]["score"]
    assert (score is None) == ("grade_without_score" in kinds)
    if score is not None:
        assert (grade_of(Decimal(score)) != row["self_evaluation"]["grade"]) == ("score_grade_mismatch" in kinds)


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_completion_rates_hold_in_the_truth(name: str) -> None:
    row = REPORTS[name]
    wrong = {planted["place"] for planted in row["planted"] if planted["kind"] == "completion_rate_wrong"}
    for told in row["indicators"]:
        stated = told["stated_completion_percent"]
        if stated is None:
            continue
        decimals = len(stated.partition(".")[2])
        true = percent(Decimal(told["actual"]), Decimal(told["target"]), decimals)
        assert (Decimal(stated) != true) == (f"indicator.{told['surface']}.stated_rate" in wrong)


@pytest.mark.parametrize("name", sorted(name for name, row in REPORTS.items() if row["format"] == "txt"))
def test_the_text_says_what_the_truth_says(name: str) -> None:
    row = REPORTS[name]
    text = (PROVINCE / "inbox" / name).read_bytes().decode(row["encoding"]).replace(",", "")
    total = Decimal(row["expenditure"]["total"])
    assert f"{total / 10000:.2f}" in text or f"{total:.2f}" in text
    for told in row["indicators"]:
        assert told["surface"] in text
        assert told["actual"].removeprefix("-") in text
        assert told["target"] in text
    if not row["adjusted_budget_is_stated"]:
        assert "执行率" not in text
    if "missing_problems_section" in row["error_kinds"]:
        assert "存在问题" not in text


def test_the_alias_table_knows_the_indicators_it_should() -> None:
    aliases = {(row["surface"], row["indicator_key"]) for row in _rows(SEEDS / "indicator_aliases.csv")}
    known = {surface for surface, _ in aliases}
    for row in indicators():
        for surface in row["surfaces"].split(";"):
            if row["indicator_key"]:
                assert (surface, row["indicator_key"]) in aliases
            else:
                assert surface not in known


def test_the_functions_are_those_of_the_seed() -> None:
    known = {row["function_key"] for row in _rows(SEEDS / "functions.csv")}
    due = _rows(PROVINCE / "registers" / "due_submissions.csv")
    assert {function for row in due for function in row["functions"].split(";")} <= known
