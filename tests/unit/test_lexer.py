"""The spotter: figures, periods and noise; each noise class is shown by its own example."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading import grammar
from ingest.reading.lexer import chinese_number, tokens_of

NOISE = grammar.load("noise")


@pytest.mark.parametrize("row", NOISE, ids=[row["id"] for row in NOISE])
def test_every_noise_class_claims_its_example(row: dict) -> None:
    assert row["id"] in {token.id for token in tokens_of(row["example"])}


@pytest.mark.parametrize(
    ("text", "value", "high", "unit", "operator"),
    [
        ("1,286.35万元", "1286.35", None, "万元", "="),
        ("不低于80宗", "80", None, "宗", ">="),
        ("签约85宗", "85", None, "宗", "="),
        ("附近3家", "3", None, "家", "="),
        ("超30%以上", "30", None, "%", ">"),
        ("约15~20宗", "15", "20", "宗", "range"),
        ("3万元-5万元", "3", "5", "万元", "range"),
        ("80%-90%", "80", "90", "%", "range"),
        ("950余人次", "950", None, "人次", ">"),
        ("2.3万余亩", "2.3", None, "万亩", ">"),
        ("30余万元", "30", None, "万元", ">"),
        ("百分之九十五以上", "95", None, "%", ">="),
        ("百分之百", "100", None, "%", "="),
        ("九成以上", "9", None, "成", ">="),
        ("九成五", "9.5", None, "成", "="),
        ("十二项", "12", None, "项", "="),
        ("二十七个", "27", None, "个", "="),
        ("0.36个百分点", "0.36", None, "个百分点", "="),
        ("4.36‰", "4.36", None, "‰", "="),
        ("2.3倍", "2.3", None, "倍", "="),
        ("1.2亿立方米", "1.2", None, "亿立方米", "="),
        ("4000元/亩", "4000", None, "元/亩", "="),
        ("650元/生·年", "650", None, "元/生·年", "="),
        ("11.07/10万", "11.07", None, "/10万", "="),
        ("1 286.5万元", "1286.5", None, "万元", "="),
        ("1,306台(套)", "1306", None, "台(套)", "="),
    ],
)
def test_figures(text: str, value: str, high: str | None, unit: str, operator: str) -> None:
    (token,) = tokens_of(text)
    assert (token.kind, token.value, token.unit, token.operator) == ("quantity", Decimal(value), unit, operator)
    assert token.value_high == (Decimal(high) if high else None)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("1-11月份", (1, 11)),
        ("截至9月底", (1, 9)),
        ("截至2022年11月30日", (1, 11)),
        ("上半年", (1, 6)),
        ("前三季度", (1, 9)),
        ("前10个月", (1, 10)),
    ],
)
def test_parts_of_the_year(text: str, months: tuple[int, int]) -> None:
    assert [token.period for token in tokens_of(text)] == [months]


@pytest.mark.parametrize(("text", "value"), [("第3位。", 3), ("第三，", 3), ("排第十二位", 12), ("居前五。", 5)])
def test_ranks(text: str, value: int) -> None:
    assert [token.value for token in tokens_of(text) if token.kind == "rank"] == [value]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("二十七", 27), ("一百零三", 103), ("三千五百", 3500), ("三万五千", 35000), ("两", 2)],
)
def test_chinese_numerals(numeral: str, value: int) -> None:
    assert chinese_number(numeral) == value


@given(
    st.text(
        alphabet="0123456789.,%-~至万亿元个人第号年月日()（）〔〕“”一二三十百余约不低于截至前以上下/·A ", max_size=80
    )
)
def test_every_digit_is_in_a_token_and_tokens_do_not_overlap(text: str) -> None:
    tokens = tokens_of(text)
    covered = [offset for token in tokens for offset in range(token.start, token.end)]
    assert len(covered) == len(set(covered))
    assert {match.start() for match in re.finditer("[0-9]", text)} <= set(covered)
