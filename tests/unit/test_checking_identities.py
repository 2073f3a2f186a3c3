"""Which figures an identity compares, and which it must leave alone: what real reports taught."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.checking.identities import identities_of, verified
from ingest.checking.interval import around, decimal_of
from ingest.checking.money_identities import one_slip
from ingest.documents import read_document
from ingest.reading.grammar import read_table
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
PARENTS = {row["category"]: row["parent"] for row in read_table(REFERENCE / "budget_categories.csv")}
MONEY = "一、部门基本情况\n（四）部门整体支出情况\n"
AGAIN = "二、绩效自评情况\n（二）部门整体支出使用绩效\n"
SPENT = f"{MONEY}调整后预算100.00万元，全年支出决算90.00万元，预算执行率90.00%。"
BUDGETS = f"{MONEY}年初预算100.00万元，其中基本支出60.00万元，项目支出40.00万元。年中压减10.00万元，"
NUMBERS = st.integers(1000, 10**7).map(str)


def held(text: str) -> list[tuple[str, bool]]:
    claims = read_report(read_document(text.encode()), 2024, REFERENCE).claims
    return [(identity.kind, identity.holds) for identity in identities_of(claims, PARENTS)]


@pytest.mark.parametrize(
    "other", ["1-9月支出执行率仅55.30%。", "力争2025年执行率不低于95.00%。", "某某工程预算执行率31.50%。"]
)
def test_a_proven_rate_is_not_undone_by_one_of_something_else(other: str) -> None:
    assert ("execution_rate", False) not in held(f"{SPENT}\n{AGAIN}{other}")


def test_a_slip_in_a_restated_rate_is_seen() -> None:
    assert ("execution_rate", False) in held(f"{SPENT}\n{AGAIN}全年支出决算90.00万元，预算执行率80.00%。")


def test_parts_may_have_moved_by_what_the_whole_did() -> None:
    text = f"{BUDGETS}调整后预算90.00万元，其中基本支出55.00万元，项目支出35.00万元。"
    assert ("adjusted_parts", True) in held(text)


def test_a_restated_amount_with_a_slip_is_contradicted() -> None:
    text = f"{MONEY}年初预算1234.56万元。\n{AGAIN}2024年年初预算1284.56万元。"
    claims = read_report(read_document(text.encode()), 2024, REFERENCE).claims
    assert {c.verification for c in verified(claims, identities_of(claims, PARENTS))} == {"contradicted"}


def test_repeating_an_amount_proves_nothing() -> None:
    assert held(f"{MONEY}年初预算1234.56万元。\n{AGAIN}2024年年初预算1234.56万元。") == []


def test_another_amount_in_another_chapter_is_no_contradiction() -> None:
    assert held(f"{MONEY}年初预算1234.56万元。\n{AGAIN}2024年年初预算782.00万元。") == []


def test_parts_that_make_the_whole_verify_it() -> None:
    text = f"{AGAIN}全年完成培训58场，其中甲类培训45场，乙类培训13场。"
    claims = read_report(read_document(text.encode()), 2024, REFERENCE).claims
    assert {c.verification for c in verified(claims, identities_of(claims, PARENTS))} == {"verified"}


def test_parts_that_do_not_make_the_whole_prove_nothing() -> None:
    assert held(f"{AGAIN}全年完成培训58场，其中甲类培训45场，乙类培训10场。") == []


@given(NUMBERS, st.data())
def test_a_changed_digit_is_one_slip(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    assert one_slip(number, number[:place] + digit + number[place + 1 :])
    assert one_slip(number, number[:place] + digit + number[place:])


@given(NUMBERS)
def test_two_changed_digits_are_no_slip(number: str) -> None:
    changed = "".join(str((int(digit) + 1) % 10) for digit in number[:2]) + number[2:]
    assert not one_slip(number, changed) or sorted(number) == sorted(changed)


@given(
    st.fractions(), st.fractions(min_value=Fraction(1, 1000)), st.fractions(min_value=0, max_value=Fraction(1, 2000))
)
def test_intervals_are_exact(value: Fraction, divisor: Fraction, reach: Fraction) -> None:
    quotient = around(value, reach) / around(divisor, reach)
    assert quotient.low <= value / divisor <= quotient.high
    assert quotient.value * divisor == value


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_decimal_survives_as_a_fraction(value: Decimal) -> None:
    assert decimal_of(Fraction(value)) == value
