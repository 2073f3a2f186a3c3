"""Numbers, times and names as people read them."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import resources

import pytest

from publish import format, labels
from publish.quotations import quotation


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [("0.923791", "92.38%"), ("0.923850", "92.39%"), ("0.923849", "92.38%"), ("1", "100.00%"), ("-0.00005", "-0.01%")],
)
def test_rates_round_half_up(ratio: str, shown: str) -> None:
    assert format.percent(Decimal(ratio)) == shown


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [("2752900.00", "275.29"), ("12345678.90", "1,234.57"), ("50", "0.01"), ("49.99", "0.00"), ("-1250", "-0.13")],
)
def test_money_is_shown_in_wan_yuan(yuan: str, shown: str) -> None:
    assert format.wan(Decimal(yuan)) == shown


def test_absent_is_a_word_and_zero_is_a_number() -> None:
    assert format.wan(None) == "未提供"
    assert format.wan(Decimal(0)) == "0.00"
    assert format.score(None) == "不适用"
    assert format.count(None, "unknown_due") == "未知"
    assert format.count(0) == "0"


def test_values_keep_their_digits() -> None:
    assert format.number(Decimal("3150.000000")) == "3,150"
    assert format.number(Decimal("-1234567.050000")) == "-1,234,567.05"
    assert format.with_operator("ge", Decimal("95.000000"), "%") == "≥ 95%"


def test_ranks_and_movement() -> None:
    assert format.rank(3, True) == "并列第3名"
    assert format.rank(None, None) == "未排名"
    assert format.movement(2, 5) == ("up", "▲ 3")
    assert format.movement(5, 2) == ("down", "▼ 3")
    assert format.movement(2, 2) == ("same", "持平")
    assert format.movement(2, None) == ("new", "首次")


def test_times_are_beijing_times() -> None:
    assert format.moment(datetime(2026, 11, 21, 18, 0, tzinfo=UTC)) == "2026-11-22 02:00（北京时间）"
    assert format.moment("2026-11-21T18:00:00Z") == "2026-11-22 02:00（北京时间）"
    assert format.moment(None) == "未提供"
    assert format.period(date(2024, 1, 1), date(2024, 12, 31)) == "2024年"


def test_file_names_stay_inside_and_apart() -> None:
    assert format.file_name("c1.commerce-2") == "c1.commerce-2"
    assert "/" not in format.file_name("../../etc/passwd")
    assert not format.file_name("..").startswith(".")
    assert format.file_name("县/一") != format.file_name("县/二")


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert labels.zh("status", "something_new") == "something_new"
    assert labels.zh("status", None) == "未提供"
    assert labels.known("status", "returned")


def _claim(sentence: str | None, quote: str) -> dict[str, object]:
    place = {"claim_id": "c", "span_start": 0, "span_end": 1, "section_path": None, "verification": "verified"}
    return place | {"sentence": sentence, "quote": quote}


def test_quotations_are_cut_out_of_their_sentence() -> None:
    found = quotation(_claim("甲乙丙", "乙"))
    assert found and found.pieces == (("甲", False), ("乙", True), ("丙", False))
    outside = quotation(_claim("甲乙丙", "丁"))
    assert outside and outside.pieces == (("丁", True),)
    assert quotation(None) is None


def test_a_long_sentence_is_shown_around_its_quotation() -> None:
    found = quotation(_claim("前" * 500 + "数" + "后" * 500, "数"))
    assert found
    assert [text for text, marked in found.pieces if marked] == ["数"]
    assert sum(len(text) for text, _ in found.pieces) < 250
    assert found.pieces[0][0].startswith("…")


def test_every_label_has_words_in_both_languages_once() -> None:
    text = resources.files("publish").joinpath("labels.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert all(len(row) == 4 for row in rows)
    keys = [tuple(row[:2]) for row in rows]
    assert len(keys) == len(set(keys))
    # An operator may be silent in Chinese; English counts without a counter.
    assert [row for row in rows if (not row[3] and row[0] != "unit") or (not row[2] and row[0] != "operator")] == []
