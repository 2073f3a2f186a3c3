"""Money blocks in every layout: stages as columns or rows, headers of one or two rows, units where people put them."""

import pytest

from tests.unit.forms import claims_of, money_of, reader_of

STANDARD = """
资金情况\\n（万元） | < | 年 初\\n预算数 | 全年预算数（A） | 全年执行数（B） | 分值 | 执行率（B/A） | 得分
^ | 年度资金总额 | 1,100.00 | 1000 | 950.5 | 10 | 95.05% | 9.5
^ | 其中：本年财政拨款 | 900 | 800 | 750.5 | — | 93.81% | —
^ | 上年结转资金 | 100 | 100 | 100 | — | 100.00% | —
^ | 其他资金 | 100 | 100 | 100 | — | 1 | —
"""


def test_the_standard_block_gives_each_category_its_three_stages_and_its_rate() -> None:
    found = money_of(STANDARD)
    assert found["budget", "initial", "total"] == "1100.00万元"
    assert found["budget", "adjusted", "fiscal"] == "800万元"
    assert found["expenditure", "actual", "carry_over"] == "100万元"
    assert found["execution_rate", "stated", "total"] == "95.05%"
    assert {category for _, _, category in found} == {"total", "fiscal", "carry_over", "other"}
    assert len(found) == 16


def test_a_rate_belongs_to_its_expenditure_and_points_to_the_first_amount_of_the_row() -> None:
    claims = claims_of(STANDARD)[:6]
    by_rule = {claim.rule_ids[0]: claim for claim in claims}
    assert by_rule["form.money.rate"].host == by_rule["form.money.executed"].number
    assert by_rule["form.money.full"].host == by_rule["form.money.initial"].number
    assert by_rule["form.money.item_score"].host == by_rule["form.money.initial"].number
    assert (by_rule["form.money.full"].role, by_rule["form.money.item_score"].role) == ("full", "item")


def test_a_dash_in_a_column_of_amounts_or_points_is_no_claim_there() -> None:
    assert [claim.quote for claim in claims_of(STANDARD) if claim.quote == "—"] == []


def test_every_claim_quotes_its_cell() -> None:
    reader = reader_of(STANDARD)
    cells = {cell.text for row in reader.document.tables[0].rows for cell in row}
    for claim in reader.claims:
        assert reader.document.text[claim.span_start : claim.span_end] == claim.quote
        assert claim.quote in cells


@pytest.mark.parametrize(("written", "read"), [("0.9238", "92.38%"), ("92.38", "92.38%"), ("1", "100%"), ("0%", "0%")])
def test_a_rate_without_a_percent_sign_is_a_ratio_when_it_is_small(written: str, read: str) -> None:
    form = f"资金 | 全年预算数 | 全年执行数 | 执行率\n合计 | 100 | 92.38 | {written}"
    [rate] = [claim for claim in claims_of(form) if claim.kind == "execution_rate"]
    assert f"{rate.value.normalize():f}%" == read  # type: ignore[union-attr]


def test_a_form_with_separate_reasons_and_weights() -> None:
    found = money_of("""
预算执行情况(10分) | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分 | 原因
总额 | 0.00 | 3.36 | 3.36 | 100.00% | 10 | 10 |
其中：财政资金 | 0.00 | 3.36 | 3.36 | 100.00% | / | / |
财政专户管理资金 | 0.00 | 0.00 | 0.00 | 0.00% | / | / |
单位资金 |  |  |  |  | / | / |
""")
    assert found["budget", "initial", "total"] == "0.00万元"
    assert found["budget", "adjusted", "special_account"] == "0.00万元"
    assert not any(category == "unit_funds" for _, _, category in found), "empty is not 0"


def test_a_header_of_two_rows_joins_the_words_above_and_below() -> None:
    found = money_of("""
资金类别 | 预算数 | < | 执行数 | 执行率
^ | 年初 | 调整后 | ^ | ^
合计 | 100 | 120 | 90 | 75%
基本支出 | 60 | 70 | 50 | 71.43%
""")
    assert found["budget", "initial", "total"] == "100万元"
    assert found["budget", "adjusted", "basic"] == "70万元"
    assert found["expenditure", "actual", "basic"] == "50万元"


def test_a_block_may_have_categories_as_columns() -> None:
    found = money_of("""
单位：元 | < | < | <
阶段 | 合计 | 基本支出 | 项目支出
年初预算数 | 1000000 | 600000 | 400000
调整后预算数 | 1100000 | 600000 | 500000
决算数 | 1000000 | 590000 | 410000
执行率 | 90.91% | 98.33% | 82%
""")
    assert found["budget", "initial", "basic"] == "600000元"
    assert found["budget", "adjusted", "project"] == "500000元"
    assert found["execution_rate", "stated", "project"] == "82%"


def test_stages_over_categories_in_a_header_of_two_rows() -> None:
    found = money_of("""
单位名称 | 年初预算数（万元） | < | < | 决算数（元） | < | <
^ | 合计 | 基本支出 | 项目支出 | 合计 | 基本支出 | 项目支出
 | 100 | 60 | 40 | 900000 | 580000 | 320000
""")
    assert found["budget", "initial", "project"] == "40万元"
    assert found["expenditure", "actual", "basic"] == "580000元"


@pytest.mark.parametrize(
    ("form", "unit"),
    [
        ("资金 | 年初预算数（元） | 全年预算数（元）\n合计 | 5 | 5", "元"),
        ("单位：元 | < | <\n资金 | 年初预算数 | 全年预算数\n合计 | 5 | 5", "元"),
        ("资金 | 年初预算数 | 全年预算数\n合计（亿元） | 5 | 5", "亿元"),
        ("资金 | 年初预算数 | 全年预算数\n合计 | 5元 | 5元", "元"),
        ("资金 | 年初预算数 | 全年预算数\n合计 | 5 | 5", "万元"),
    ],
)
def test_the_unit_stands_in_the_cell_the_header_the_label_or_the_table(form: str, unit: str) -> None:
    assert money_of(form)["budget", "initial", "total"] == f"5{unit}"


def test_each_table_may_have_its_own_unit() -> None:
    form = "单位：{} | < | <\n资金 | 年初预算数 | 全年预算数\n合计 | 5 | 5"
    claims = claims_of(form.format("元"), form.format("亿元"))
    assert [claim.unit for claim in claims] == ["元", "元", "亿元", "亿元"]


def test_amounts_as_people_write_them() -> None:
    [claim, _] = claims_of("资金 | 年初预算数 | 全年预算数\n合计 | 1，234，567.5 | ２０24")
    assert str(claim.value) == "1234567.5"
    [_, bare_year] = claims_of("资金 | 年初预算数 | 全年预算数\n合计 | 12345678 | 2024")
    assert str(bare_year.value) == "2024", "a number alone in a column of amounts is no year"


@pytest.mark.parametrize(
    ("written", "value"), [("-20", "-20"), ("（20）", "-20"), ("调减20", "-20"), ("追加20", "20"), ("20", "20")]
)
def test_an_adjustment_carries_its_sign(written: str, value: str) -> None:
    found = money_of(f"项目 | 年初预算数 | 调整数 | 执行数\n合计 | 100 | {written} | 80")
    assert found["budget", "adjustment", "total"] == f"{value}万元"


def test_a_part_of_two_categories_has_none_of_them() -> None:
    [claim, _] = claims_of("资金来源 | < | 年初预算数 | 全年预算数\n基本支出 | 财政拨款 | 10 | 10")
    assert (claim.subject, claim.surface) == (None, "财政拨款")


def test_an_unknown_row_keeps_its_words_and_has_no_category() -> None:
    [claim, _] = claims_of("资金 | 年初预算数 | 全年预算数\n示例专项甲 | 10 | 10")
    assert (claim.subject, claim.surface) == (None, "示例专项甲")


def test_personal_data_are_quoted_from_the_masked_text() -> None:
    reader = reader_of("资金 | 年初预算数 | 全年预算数\n张示例 | 10 | 10")
    masked = reader.document.text.replace("张示例", "███")
    reader.document.__dict__["text"] = masked
    again = type(reader)(reader.document, 2024, reader.reference)
    assert all("张示例" not in claim.sentence + claim.surface for claim in again.read())
