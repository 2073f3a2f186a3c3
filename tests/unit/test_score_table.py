"""Score tables (自评指标评分表): scored items without targets, full marks on each level, subtotals and totals."""

from decimal import Decimal

import pytest

from tests.unit.forms import claims_of, said, told

ITEMS = """
一级指标 | 二级指标 | 三级指标 | 分值 | 评分标准 | 自评得分 | 扣分原因
预算编制情况 | 预算编制 | 预算编制合理性 | 5 | 合理得5分，每处扣1分 | 5 |
^ | ^ | 预算编制规范性 | 5 | 规范得5分 | 4.5 | 科目有误
^ | 目标设置 | 绩效指标明确性 | 5 | 明确得5分 | 不适用 |
总分 | < | < | 15 | | 9.5 |
"""
LEVELS = """
一级指标 | 权重 | 二级指标 | 权重 | 三级指标 | 权重 | 自评得分
预算编制情况 | 20 | 预算编制 | 10 | 预算编制合理性 | 5 | 5
^ | ^ | ^ | ^ | 预算编制规范性 | 5 | 4.5
^ | ^ | 目标设置 | 10 | 绩效目标合理性 | 6 | 5
^ | ^ | ^ | ^ | 绩效指标明确性 | 4 | 4
"""


def test_an_item_has_full_marks_and_points_that_belong_to_them() -> None:
    claims = claims_of(ITEMS)
    assert [(c.role, c.surface, said(c)) for c in claims[:4]] == [
        ("full", "预算编制合理性", "5分"),
        ("item", "预算编制合理性", "5分"),
        ("full", "预算编制规范性", "5分"),
        ("item", "预算编制规范性", "4.5分"),
    ]
    assert [claim.host for claim in claims[:4]] == [None, 1, None, 3]


def test_an_item_that_does_not_apply_is_said_and_has_no_points() -> None:
    [claim] = [c for c in claims_of(ITEMS) if c.role == "item" and c.surface == "绩效指标明确性"]
    assert (claim.value, claim.value_text) == (None, "不适用")


def test_the_total_stands_in_the_columns_of_full_marks_and_points() -> None:
    assert [(c.role, said(c)) for c in claims_of(ITEMS)[-2:]] == [("full", "15分"), ("self", "9.5分")]


def test_the_figures_of_criteria_are_no_points() -> None:
    assert Decimal(1) not in [claim.value for claim in claims_of(ITEMS)]


def weights(form: str) -> dict[str, Decimal | None]:
    """Full marks by the names of the levels they stand for."""
    return {c.section_path.removeprefix("表1 > "): c.value for c in claims_of(form) if c.role == "full"}


def test_full_marks_of_every_level_stand_once_under_their_names() -> None:
    found = weights(LEVELS)
    assert found["预算编制情况"] == 20
    assert found["预算编制情况 > 目标设置"] == 10
    assert len([claim for claim in claims_of(LEVELS) if claim.role == "full"]) == 7


@pytest.mark.parametrize("parent", ["预算编制情况", "预算编制情况 > 预算编制", "预算编制情况 > 目标设置"])
def test_children_can_be_summed_to_their_parent(parent: str) -> None:
    found = weights(LEVELS)
    children = [value for path, value in found.items() if path.rpartition(" > ")[0] == parent]
    assert sum(filter(None, children)) == found[parent]


def test_full_marks_in_brackets_behind_a_name() -> None:
    form = "一级指标 | 三级指标 | 分值 | 得分\n产出指标（50分） | 新建公路 | 30 | 28\n^ | 新改水井 | 20 | 20"
    assert weights(form) == {"产出指标": 50, "产出指标 > 新建公路": 30, "产出指标 > 新改水井": 20}


def test_names_that_stand_in_the_first_row_of_a_group_only() -> None:
    form = """
一级指标 | 二级指标 | 三级指标 | 分值 | 得分
产出指标 | 数量指标 | 新建公路 | 30 | 28
 |  | 新改水井 | 20 | 20
效益指标 | 社会效益 | 满意度 | 50 | 50
"""
    assert list(weights(form)) == [
        "产出指标 > 数量指标 > 新建公路",
        "产出指标 > 数量指标 > 新改水井",
        "效益指标 > 社会效益 > 满意度",
    ]


def test_rows_that_sum_up_are_no_items() -> None:
    form = """
一级指标 | 二级指标 | 三级指标 | 分值 | 得分
产出指标 |  |  | 50 | 48
 | 数量指标 | 新建公路 | 30 | 28
 |  | 新改水井 | 20 | 20
效益指标 | 社会效益 | 满意度 | 50 | 50
小计 | | | 50 | 50
总 分 | | | 100 | 98
"""
    claims = claims_of(form)
    assert sum(c.value for c in claims if c.role == "item" and c.value is not None) == 98
    assert [(c.section_path, said(c)) for c in claims if c.role == "subtotal"] == [
        ("表1 > 产出指标", "48分"),
        ("表1 > 效益指标", "50分"),
    ]


def test_an_item_may_stand_on_a_higher_level() -> None:
    form = "一级指标 | 二级指标 | 分值 | 得分\n加分项 |  | 5 | 3\n产出指标 | 数量指标 | 30 | 28"
    assert [(c.role, c.surface) for c in claims_of(form)][:2] == [("full", "加分项"), ("item", "加分项")]


@pytest.mark.parametrize(
    ("form", "score"),
    [
        ("自评总分 | 95.5", "95.5分"),
        ("自评得分：95.5分 | 说明", "95.5分"),
        ("总分 | 100 | 95.5", "95.5分"),
        ("自评得分 | 95.5 | 上年自评分 | 92", "95.5分"),
        (ITEMS.strip("\n") + "\n自评得分 | 95.5 | < | < | < | < | <", "95.5分"),
    ],
)
def test_the_total_score_beside_its_label(form: str, score: str) -> None:
    assert [value for kind, role, _, value in told(form) if (kind, role) == ("score", "self")][-1] == score


def test_last_years_score_is_no_score_of_this_year() -> None:
    assert told("上年自评分 | 92 | 联系电话 | ███") == [("context", "context", "上年自评分", "92分")]
