"""Every text that pages show has English beside it: labels, reference data, expectations, catalogues of the site."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from publish import labels, language
from publish.method import TABLES

ROOT = Path(__file__).resolve().parents[2]
SEEDS = sorted((ROOT / "dbt_project" / "seeds").glob("*.csv"))
SUITES = sorted((ROOT / "expectations" / "suites").glob("*.yaml"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# English may quote a word that a report has to use; an equals sign has no words, nor has a Chinese classifier.
QUOTES_CHINESE = {("rules", "remedy_en")}
WITHOUT_WORDS = {"operator", "unit"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_label_has_english() -> None:
    found = rows(ROOT / "publish" / "labels.csv")
    assert [row for row in found if not row["en"] and row["kind"] not in WITHOUT_WORDS] == []
    assert [row for row in found if CHINESE.search(row["en"])] == []
    codes = [(row["kind"], row["code"]) for row in found]
    assert len(codes) == len(set(codes)), "a code has two rows"


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_reference_data_says_in_english_what_it_says_in_chinese(path: Path) -> None:
    found = rows(path)
    pairs = [(name, f"{name[:-2]}en") for name in found[0] if name == "zh" or name.endswith("_zh")]
    for chinese, english in pairs:
        assert english in found[0], chinese
        assert [row[chinese] for row in found if row[chinese] and not row[english]] == []
        if (path.stem, english) not in QUOTES_CHINESE:
            assert [row[english] for row in found if CHINESE.search(row[english])] == []


def test_every_indicator_has_an_english_name_and_words_for_its_codes() -> None:
    for row in rows(ROOT / "dbt_project" / "seeds" / "indicators.csv"):
        assert row["name_en"] and not CHINESE.search(row["name_en"]), row
        for kind, name in (
            ("indicator_category", "category"),
            ("unit_family", "unit_family"),
            ("direction", "direction"),
        ):
            assert labels.known(kind, row[name]), (kind, row[name])


def test_every_family_of_units_has_words() -> None:
    families = {row["unit_family"] for row in rows(ROOT / "dbt_project" / "seeds" / "unit_families.csv")}
    assert {family for family in families if not labels.known("unit_family", family)} == set()


def test_grades_and_owners_have_words() -> None:
    grades = {row["grade"] for row in rows(ROOT / "dbt_project" / "seeds" / "grade_thresholds.csv")}
    assert {grade for grade in grades if not labels.known("grade", grade)} == set()
    owners: dict[str, str] = yaml.safe_load((ROOT / "expectations" / "owners.yaml").read_text(encoding="utf-8"))
    told = {name: labels.en("owner", name).removeprefix("The ").lower() for name in owners}
    assert told == {name: words.removeprefix("the ") for name, words in owners.items()}


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_every_expectation_speaks_both_languages(path: Path) -> None:
    suite: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for one in [suite, *suite["expectations"]]:
        for name in ("name", "message", "release"):
            if f"{name}_zh" in one:
                assert one.get(f"{name}_en") and not CHINESE.search(one[f"{name}_en"]), (one.get("id"), name)
    reasons = {one["id"]: one["reason"].partition(" · ") for one in suite["expectations"]}
    assert [name for name, (_, _, english) in reasons.items() if not english] == []


def test_a_method_is_told_in_both_languages() -> None:
    assert {path.stem for path in SEEDS} >= set(TABLES)
    words = yaml.safe_load((ROOT / "publish" / "method.yaml").read_text(encoding="utf-8"))
    for section in [section for part in words.values() if isinstance(part, list) for section in part]:
        for sentence in section.get("sentences", []):
            assert sentence["zh"] and sentence["en"] and not CHINESE.search(sentence["en"])


def test_a_text_has_one_translation() -> None:
    """Catalogues are read together: a text with two translations would have whichever is read last."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for _, message in language.messages():
        found[str(message.id)].add(str(message.string))
    assert {text: sorted(told) for text, told in found.items() if len(told) > 1} == {}


def test_translations_keep_the_places_of_their_texts() -> None:
    places = re.compile(r"%\((\w+)\)s")
    for name, message in language.messages():
        text, told = str(message.id), str(message.string)
        assert told, (name, text)
        assert sorted(set(places.findall(text))) == sorted(set(places.findall(told))), (name, text)
        assert not CHINESE.search(told), (name, text)
