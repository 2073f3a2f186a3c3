"""Provinces of any size and mix: reforms, resubmissions, borrowed wording, every report told by its text."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from corpus.evaluate import TEXTS
from corpus.labels import read_marked
from ingest.documents import read_document
from ingest.identify import identify
from ingest.lines import KINDS, VOID, Lines
from ingest.reading.grammar import read_table
from ingest.registers import change_rows, directory_of, division_rows, due_rows
from jiheng.settings import PROJECT_ROOT
from samples.borrowed import borrowed_text, borrowers, models
from samples.generator import generate
from samples.model import Division
from samples.reforms import takes_turn
from samples.wording_data import random_for

FUNCTIONS = read_table(PROJECT_ROOT / "dbt_project" / "seeds" / "functions.csv")
DIVISIONS, DEPARTMENTS = 8, 60


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province as it comes, over two years."""
    target = tmp_path_factory.mktemp("province")
    generate(target, DIVISIONS, DEPARTMENTS, 2, Decimal("0.3"), 11, "province")
    return target


@pytest.fixture(scope="module")
def files(province: Path) -> dict[str, dict[str, Any]]:
    """What is true of each report."""
    told = json.loads((province / "truth.json").read_text(encoding="utf-8"))["files"]
    return {name: row for name, row in told.items() if row["expected_outcome"] == "identified"}


def test_half_of_the_reports_come_twice_in_many_formats(files: dict[str, dict[str, Any]]) -> None:
    versions = Counter(row["version"] for row in files.values())
    assert abs(versions[1] - 2 * versions[2]) < versions[1] / 20
    assert {row["format"] for row in files.values()} == {"txt", "docx", "xlsx", "pdf", "html"}
    assert any(row["is_late"] for row in files.values())


def test_the_registers_are_taken_as_they_are_with_every_kind_of_change(province: Path) -> None:
    registers = [PROJECT_ROOT / "registers", province / "registers"]
    divisions = division_rows(registers)
    assert due_rows(registers, divisions)
    changes = change_rows(registers, divisions)
    assert {row["kind"] for row in changes} == set(KINDS) - {VOID}


def test_every_report_is_told_by_its_text_for_what_it_is(province: Path, files: dict[str, dict[str, Any]]) -> None:
    registers = [PROJECT_ROOT / "registers", province / "registers"]
    divisions = division_rows(registers)
    lines = Lines.of(change_rows(registers, divisions))
    directory = directory_of(divisions, due_rows(registers, divisions), lines)
    wrong = []
    for name, row in sorted(files.items()):
        if row["format"] in ("txt", "html", "docx"):
            found = identify(read_document((province / "inbox" / name).read_bytes()).text, directory, FUNCTIONS)
            written_by = row.get("written_by", row["department_name"])
            if (found.division_key, found.department_name, found.fiscal_year) != (
                row["division_key"],
                written_by,
                row["fiscal_year"],
            ):
                wrong.append((name, found.full_name, written_by))
    assert not wrong


def test_some_write_on_under_the_name_that_a_reform_took_from_them(files: dict[str, dict[str, Any]]) -> None:
    renamed = [row for row in files.values() if "written_by" in row]
    assert renamed
    assert all(row["written_by"] != row["department_name"] for row in renamed)


def test_a_mix_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="sample, province"):
        generate(tmp_path, 1, 1, 1, Decimal(0), 1, "plain")


def test_scans_and_rich_text_are_written_too(tmp_path: Path) -> None:
    generate(tmp_path, 2, 8, 1, Decimal(0), 1, "every-format")
    endings = {path.suffix for path in (tmp_path / "inbox").iterdir()}
    assert {".rtf", ".jpg", ".html", ".pdf"} <= endings
    photograph = next((tmp_path / "inbox").glob("*.jpg")).read_bytes()
    assert photograph.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("share", ["1/23", "1/2", "0/1", "1/1", "3/7"])
def test_a_share_is_spread_evenly(share: str) -> None:
    taken = [number for number in range(1, 701) if takes_turn(number, Fraction(share))]
    assert len(taken) == 700 * Fraction(share) // 1
    gaps = {later - earlier for earlier, later in pairwise(taken)}
    assert len(gaps) <= 2


def test_borrowed_words_bear_another_place_and_year_and_amounts_so_many_times_as_large() -> None:
    division = Division("k", "样川县", "样川县", "county", "r", "p")
    [department] = borrowers(division, 1, 3, set())
    model = next(row for row in models() if row.name == department.writes_like)
    original = read_marked(TEXTS / f"{model.name}.txt")
    lines, told = borrowed_text(department, 2024, random_for(1, "any"))
    text = "\n".join(lines)
    assert department.title in text and model.division not in text
    assert f"{model.fiscal_year}年" not in text or model.fiscal_year == 2024
    money = [row for row in told if row.kind == "budget" and row.unit == "万元"]
    first = [label for label in original.labels if label.kind == "budget" and label.unit == "万元"]
    factors = {row.value / label.value for row, label in zip(money, first, strict=False) if label.value}
    assert len(factors) == 1 and factors.pop() in range(1, 10)
