"""Rules of the department's own money on texts where a careless rule would be wrong."""

import pytest

from ingest.checking.verdict import Finding, judge
from tests.unit.test_rules import PARENTS, REFERENCE, case

HEADING = "（四）部门整体支出情况\n"
FORM = "附表{}\n资金\t年初预算数\t全年预算数\t全年执行数\n年度资金总额\t{}\t{}\t{}\n"


def failures(text: str) -> dict[str, Finding]:
    """The failures of rules about money by their rule."""
    found = judge(case(HEADING + text), PARENTS, REFERENCE).findings
    return {one.rule_id: one for one in found if one.result.outcome == "fail" and one.rule_id.startswith("A")}


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("年初预算1458.36万元。\n（五）其他\n年初预算1458.36元。", "1458.36元", "1458.36万元"),
        ("调整后预算1580.00万元。全年支出决算14583600.00万元。", "14583600万元", "1458.36万元"),
        ("调整后预算1580.00万元。全年支出决算1458.36元。", "1458.36元", "1458.36万元"),
        (
            "年初预算100.00万元，其中基本支出60.00万元，项目支出40.00元。",
            "40元",
            "40万元",
        ),
    ],
)
def test_a_slip_of_unit_is_told_with_the_amount_that_fits(text: str, found: str, expected: str) -> None:
    result = failures(text)["A10"].result
    assert (result.found, result.expected) == (found, expected)


def test_a_slip_of_unit_explains_what_it_causes() -> None:
    found = failures("调整后预算1580.00万元，全年支出决算14583600.00万元，预算执行率92.30%。")
    assert found.keys() == {"A02", "A05", "A10"}
    assert {rule_id: one.explained_by for rule_id, one in found.items() if rule_id != "A10"} == {
        "A02": "A10",
        "A05": "A10",
    }


@pytest.mark.parametrize(
    ("rule_id", "text"),
    [
        # A form that does not say its unit may be in yuan.
        ("A10", "年初预算1600.00万元。\n" + FORM.format("", "16000000", "15800000", "14583600")),
        # A little money is also spent in yuan.
        ("A10", "调整后预算1580.00万元。公务接待费支出650元。"),
        # Grants to people are paid from projects too.
        ("A06", "全年支出决算900.00万元。人员经费100.00万元，对个人和家庭的补助600.00万元。"),
        # One amount of the year before and another reason's share behind it.
        ("A27", "2024年总支出120.00万元，比上年150.00万元减少30.00万元，其中人员减少50.00万元。"),
        # An execution rate over the initial budget says so.
        ("A12", "年初预算100.00万元，全年支出决算138.00万元，完成年初预算的138.00%。"),
        # What was carried over makes up for the difference.
        ("A14", "本年收入792.22万元，本年支出799.12万元，年末无结余。"),
        # The balance went back to the treasury.
        ("A16", "上年结转31.20万元，本年收入702.46万元，本年支出719.33万元，年末结转结余4.33万元，财政收回10.00万元。"),
        # The first statement is of the year and the form of it too.
        ("A09", "年初预算1600.00万元，调整后预算1580.00万元，全年支出决算1458.36万元。"
                + FORM.format("（单位：万元）", "1600.00", "1580.00", "1458.4")),
        # The share is one of the budget and not of what was spent.
        ("A24", "年初预算300.00万元。总支出200.00万元，其中项目支出90.00万元，占年初预算的30.00%。"),
        # Two ways to divide the same money.
        ("A25", "总支出200.00万元，其中基本支出120.00万元，占60.00%；一般公共预算支出190.00万元，占95.00%。"),
        # A department founded during the year has no initial budget.
        ("A19", "\n" + FORM.format("", "0.00", "120.00", "110.00")),
        # The adjusted budget is stated for what is not called the whole.
        ("A18", "年初预算100.00万元，年中追加220.00万元，全年支出决算298.00万元。"),
    ],
)  # fmt: skip
def test_what_is_no_mistake_is_not_told(rule_id: str, text: str) -> None:
    assert rule_id not in failures(text)
