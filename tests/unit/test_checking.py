"""Intervals, identities and grades: laws that hold for any figures."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.checking.grades import grade_of, thresholds_for
from ingest.checking.identities import identities_of, verified
from ingest.checking.interval import stated
from ingest.documents import read_document
from ingest.reading.grammar import read_table
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
PARENTS = {row["category"]: row["parent"] for row in read_table(REFERENCE / "budget_categories.csv")}
AMOUNT = st.integers(min_value=100, max_value=10**8)


def claims_of(text: str):
    return read_report(read_document(text.encode()), 2024, REFERENCE).claims


def wan(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}万元"


@given(AMOUNT, AMOUNT)
def test_parts_that_add_up_are_verified(basic: int, project: int) -> None:
    text = f"（四）部门整体支出情况\n年初预算{wan(basic + project)}，其中基本支出{wan(basic)}，项目支出{wan(project)}。"
    claims = claims_of(text)
    assert {c.verification for c in verified(claims, identities_of(claims, PARENTS))} == {"verified"}


@given(AMOUNT, AMOUNT, st.integers(min_value=3, max_value=10**6))
def test_parts_that_do_not_add_up_are_contradicted(basic: int, project: int, wrong: int) -> None:
    parts = f"其中基本支出{wan(basic)}，项目支出{wan(project)}。"
    text = f"（四）部门整体支出情况\n年初预算{wan(basic + project + wrong)}，{parts}"
    claims = claims_of(text)
    assert {c.verification for c in verified(claims, identities_of(claims, PARENTS))} == {"contradicted"}


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_rate_may_be_rounded_or_cut(actual: int, target: int) -> None:
    exact = Decimal(actual) / Decimal(target) * 100
    for rate in (exact.quantize(Decimal("0.01"), ROUND_HALF_UP), exact.quantize(Decimal("0.01"), "ROUND_DOWN")):
        text = f"（二）使用效益\n目标：新开工项目{target}宗。完成情况：新开工项目{actual}宗，完成率{rate}%。"
        found = [i for i in identities_of(claims_of(text), PARENTS) if i.kind == "completion_rate"]
        assert [identity.holds for identity in found] == [True]


@given(st.decimals(min_value="0.01", max_value="999999", places=2))
def test_a_stated_figure_lies_in_its_own_interval(value: Decimal) -> None:
    [claim] = claims_of(f"（四）部门整体支出情况\n年初预算{value}万元。")
    interval = stated(claim)
    assert claim.value_base is not None
    assert interval.low <= claim.value_base <= interval.high
    about = stated(replace(claim, operator="~"))
    assert about.low <= interval.low and interval.high <= about.high


def test_a_failing_rate_does_not_undo_what_another_identity_proves() -> None:
    claims = claims_of(
        "（四）部门整体支出情况\n调整后预算100.00万元，其中基本支出60.00万元，项目支出40.00万元。"
        "全年支出决算90.00万元，预算执行率95.00%。其中基本支出50.00万元，项目支出40.00万元。"
    )
    judged = {c.quote: c.verification for c in verified(claims, identities_of(claims, PARENTS))}
    assert judged["预算执行率95.00%"] == "contradicted"
    assert judged["全年支出决算90.00万元"] == "verified"


GRADES = read_table(REFERENCE / "grade_thresholds.csv")
BOUNDARIES = ("59.99", "60", "69.99", "70", "79.99", "80", "89.99", "90", "100")
# The grades at these boundaries by the province whose scheme is in force.
GRADED = {
    None: "差中中中中良良优优",
    "cn440000": "差中中中中良良优优",
    "cn140000": "差中中良良优优优优",
}


@pytest.mark.parametrize(
    ("province", "score", "grade"),
    [(province, *pair) for province, grades in GRADED.items() for pair in zip(BOUNDARIES, grades, strict=True)],
)
def test_every_boundary_of_the_grades(province: str | None, score: str, grade: str) -> None:
    assert grade_of(Decimal(score), thresholds_for(GRADES, province, 2024)) == grade


def test_every_scheme_of_the_table_has_its_boundaries_tested() -> None:
    assert {row["province_key"] or None for row in GRADES} <= set(GRADED)


def test_a_score_outside_the_full_marks_has_no_grade() -> None:
    assert [grade_of(Decimal(score), thresholds_for(GRADES, None, 2024)) for score in ("-0.01", "100.01")] == [None] * 2


def test_a_newer_version_of_a_scheme_replaces_the_older_one() -> None:
    newer = [row | {"valid_from_year": "2024", "lower": str(int(row["lower"]) // 2)} for row in GRADES[:4]]
    assert [t.lower for t in thresholds_for([*GRADES, *newer], None, 2024)] == [45, 40, 30, 0]
    assert [t.lower for t in thresholds_for([*GRADES, *newer], None, 2023)] == [90, 80, 60, 0]


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_every_score_has_exactly_one_grade(score: Decimal) -> None:
    thresholds = thresholds_for(read_table(REFERENCE / "grade_thresholds.csv"), None, 2024)
    assert grade_of(score, thresholds) in {"优", "良", "中", "差"}
