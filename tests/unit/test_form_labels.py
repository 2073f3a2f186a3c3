"""Base information (基础信息表): labels with values beside, below or behind them, several to a row; grades."""

import pytest

from tests.unit.forms import claims_of, money_of, told


def test_several_labels_and_values_to_a_row() -> None:
    assert told("编制人数 | 35 | 在职人数 | 33 | 编外人数 | 0") == [
        ("context", "context", "编制人数", "35人"),
        ("context", "context", "在职人数", "33人"),
        ("context", "context", "编外人数", "0人"),
    ]


def test_labels_above_their_values() -> None:
    assert told("编制人数 | 在职人数 | 退休人数\n35 | 33 | 12") == [
        ("context", "context", "编制人数", "35人"),
        ("context", "context", "在职人数", "33人"),
        ("context", "context", "退休人数", "12人"),
    ]


def test_a_label_and_its_value_in_one_cell() -> None:
    [claim] = claims_of("编制人数：35人 | 单位名称")
    assert (claim.surface, claim.quote) == ("编制人数", "35人")


def test_amounts_beside_a_stage_are_those_of_the_whole() -> None:
    found = money_of("年初预算 | 1,234.56 | 预算调整 | -100.00\n调整后预算 | 1134.56 | 决算数 | 1100")
    assert found == {
        ("budget", "initial", "total"): "1234.56万元",
        ("budget", "adjustment", "total"): "-100.00万元",
        ("budget", "adjusted", "total"): "1134.56万元",
        ("expenditure", "actual", "total"): "1100万元",
    }


def test_a_label_may_name_a_category_and_a_stage() -> None:
    found = money_of("三公经费预算 | 20 | “三公”经费支出 | 18.5\n公用经费年初预算数 | 30 | 基本支出 | 700")
    assert found == {
        ("budget", "initial", "three_public"): "20万元",
        ("expenditure", "actual", "three_public"): "18.5万元",
        ("budget", "initial", "public_funds"): "30万元",
        ("expenditure", "actual", "basic"): "700万元",
    }


def test_a_category_before_the_labels_of_its_stages() -> None:
    found = money_of("三公经费 | 年初预算数 | 20 | 决算数 | 18\n预算情况 | 年初预算 | 100 | 调整后预算 | 110")
    assert found["budget", "initial", "three_public"] == "20万元"
    assert found["expenditure", "actual", "three_public"] == "18万元"
    assert found["budget", "initial", "total"] == "100万元"


def test_purchases_have_a_budget_and_an_outcome() -> None:
    found = money_of("政府采购预算 | 300 | 政府采购实际 | 280")
    assert [(kind, role, value) for (kind, role, _), value in found.items()] == [
        ("budget", "initial", "300万元"),
        ("expenditure", "actual", "280万元"),
    ]


def test_a_unit_in_the_label() -> None:
    [claim] = claims_of("资产总额（元） | 12345678 | 备注")
    assert (claim.unit, str(claim.value_base)) == ("元", "12345678")


def test_a_label_without_a_value_is_no_header() -> None:
    form = "年初预算 |  | 调整后预算 |  | 执行数 |\n编制人数 | 35 | 在职人数 | 33 | 编外人数 | 2"
    assert [claim.surface for claim in claims_of(form)] == ["编制人数", "在职人数", "编外人数"]


def test_labels_below_a_block_are_not_read_as_its_rows() -> None:
    form = """
资金 | 年初预算数 | 全年预算数 | 全年执行数
合计 | 100 | 100 | 90
三公经费预算 | 20 | 三公经费支出 | 18
编制人数 | 35 | 在职人数 | 33
"""
    claims = claims_of(form)[3:]
    assert [(c.kind, c.subject) for c in claims] == [
        ("budget", "three_public"),
        ("expenditure", "three_public"),
        ("context", "staff_authorised"),
        ("context", "staff_in_post"),
    ]


@pytest.mark.parametrize("written", ["良", "良好", "□优 ☑良 □中 □差", "良（85分）"])
def test_a_grade_beside_its_label(written: str) -> None:
    [claim] = claims_of(f"自评等级 | {written} | 备注")
    assert (claim.kind, claim.role, claim.value_text) == ("grade", "self", "良")


def test_a_reviewers_grade_is_not_the_departments() -> None:
    assert told("复核等级 | 中") == [("grade", "reviewed", "复核等级", "中")]
