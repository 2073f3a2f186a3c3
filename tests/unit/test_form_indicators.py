"""Indicator blocks: names on levels, targets and actuals as people write them, reviewers' columns, repeated blocks."""

import pytest

from ingest.reading.claims import Claim
from tests.unit.forms import claims_of, said, told

HEAD = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施\n"


def row(name: str, target: str, actual: str) -> list[Claim]:
    """The claims of one row of the standard form, without its points."""
    claims = claims_of(HEAD + f"产出指标 | 数量指标 | {name} | {target} | {actual} | 10 | 9 |")
    return [claim for claim in claims if claim.kind != "score"]


def test_the_standard_block_reads_target_actual_full_marks_and_points() -> None:
    assert told(HEAD + "产出指标 | 数量指标 | 新建公路（公里） | ≥10 | 12 | 15 | 14.5 |") == [
        ("indicator", "target", "新建公路", ">=10公里"),
        ("indicator", "actual", "新建公路", "12公里"),
        ("score", "full", "新建公路", "15分"),
        ("score", "item", "新建公路", "14.5分"),
    ]


def test_claims_of_a_row_belong_to_its_first_and_name_all_levels() -> None:
    claims = claims_of(HEAD + "产出指标 | 数量指标 | 新建公路 | ≥10公里 | 12公里 | 15 | 14.5 |")
    assert [claim.host for claim in claims] == [None, 1, 1, 1]
    assert {claim.section_path for claim in claims} == {"表1 > 产出指标 > 数量指标 > 新建公路"}


def test_sign_value_and_unit_in_columns_of_their_own() -> None:
    form = """
一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分
产出指标 | 数量指标 | 新建农村公路 | ≥ | 20 | 公里 | 25 | 90 | 90
产出指标 | 质量指标 | 合格率 | ＝ | 100 | % | 98 | 10 | 9.8
成本指标 | 经济成本指标 | 事故率 | ≤ | 4.5 | % | 0.9 | 5 | 5
满意度指标 | 服务对象满意度指标 | 群众满意度 | 定性 | 优 | | 良 | 5 | 5
"""
    measures = [said(claim) for claim in claims_of(form) if claim.kind == "indicator"]
    assert measures == [">=20公里", "25公里", "100%", "98%", "<=4.5%", "0.9%", "优", "良"]


def test_a_header_of_two_rows_over_the_levels() -> None:
    form = """
绩效指标 | < | < | 目标值 | 完成值 | 分值 | 得分
一级 | 二级 | 三级 | ^ | ^ | ^ | ^
产出 | 数量 | 新建公路 | 10公里 | 12公里 | 10 | 10
"""
    assert [claim.role for claim in claims_of(form)] == ["target", "actual", "full", "item"]


def test_an_unmerged_header_of_two_rows() -> None:
    form = """
绩效指标 |  |  | 自评 |  | 复核 |
一级指标 | 二级指标 | 三级指标 | 完成值 | 得分 | 完成值 | 得分
产出 | 数量 | 新建公路 | 10公里 | 5 | 9公里 | 4
"""
    assert [(kind, role, value) for kind, role, _, value in told(form)] == [
        ("indicator", "actual", "10公里"),
        ("score", "item", "5分"),
        ("indicator", "reviewed", "9公里"),
        ("score", "reviewed_item", "4分"),
    ]


def test_a_reviewers_form_keeps_the_departments_figures_and_the_reviewers_apart() -> None:
    form = """
一级指标|二级指标|三级指标|指标性质|指标值|度量单位|权重|自评完成值|自评得分|复核完成值|复核得分|偏离度|备注
产出|数量|新建公路|≥|10|公里|20|12|20|11|18|8.33%|
合计||||||100||98||95.5||
"""
    assert [(kind, role, value) for kind, role, _, value in told(form)] == [
        ("indicator", "target", ">=10公里"),
        ("indicator", "actual", "12公里"),
        ("score", "full", "20分"),
        ("score", "item", "20分"),
        ("indicator", "reviewed", "11公里"),
        ("score", "reviewed_item", "18分"),
        ("deviation", "stated", "8.33%"),
        ("score", "full", "100分"),
        ("score", "self", "98分"),
        ("score", "reviewed", "95.5分"),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("≥90%", ">=90%"),
        ("≥ 90 ％", ">=90%"),
        ("90%以上", ">=90%"),
        ("=100%", "100%"),
        ("3次", "3次"),
        ("大于等于3次", ">=3次"),
        ("不低于90%", ">=90%"),
        ("≤5%", "<=5%"),
        ("控制在5%以内", "<=5%"),
        ("90%-100%", "90~100%"),
        ("2024", "2024"),
        ("0", "0"),
        ("完成", "完成"),
        ("达标", "达标"),
        ("优", "优"),
        ("不适用", "不适用"),
        ("/", "不适用"),
        ("—", "不适用"),
        ("2024年12月底前", "2024年12月底前"),
    ],
)
def test_cells_as_people_write_them(written: str, read: str) -> None:
    assert said(row("示例事项", written, "")[0]) == read


def test_empty_zero_and_not_applicable_are_three_things() -> None:
    assert [said(claim) for claim in row("示例事项", "", "0")] == ["0"]
    assert [said(claim) for claim in row("示例事项", "不适用", "0")] == ["不适用", "0"]
    assert row("示例事项", "", "") == []


def test_several_figures_in_a_cell_are_claims_of_their_own() -> None:
    [target, more, actual, _] = row("举办培训", "≥5场，参与500人次", "6场，参与480人次")
    assert (said(target), target.surface, target.quote) == (">=5场", "举办培训", "≥5场")
    assert (said(more), more.surface, more.quote, more.role) == ("500人次", "参与", "参与500人次", "target")
    assert (more.host, actual.host) == (target.number, target.number)


def test_a_growth_target_makes_the_actual_a_growth() -> None:
    [target, actual] = row("工业增加值", "增长5.7%", "3.2%")
    assert (target.kind, actual.kind, str(actual.value)) == ("growth", "growth", "3.2")


def test_a_fall_is_negative_and_turns_the_bound() -> None:
    [target, actual] = row("单位能耗", "下降≥3%", "下降5%")
    assert (said(target), said(actual)) == ("<=-3%", "-5%")


def test_a_level_behind_a_change_word_is_no_growth() -> None:
    [target, actual] = row("群众满意度", "提高至90%", "91%")
    assert (target.kind, actual.kind) == ("indicator", "indicator")


def test_a_ratio_beside_a_target_in_percent_was_stored_by_a_workbook() -> None:
    assert [claim.value_base for claim in row("验收合格率", "≥90%", "0.95")] == [
        row("验收合格率", "≥90%", "95%")[0].value_base,
        row("验收合格率", "≥90%", "95%")[1].value_base,
    ]


def test_a_small_actual_under_an_upper_bound_stays_as_it_is() -> None:
    assert said(row("失业率", "≤4.5%", "0.9")[1]) == "0.9%"


def test_a_bare_ten_thousand_takes_the_unit_of_the_name() -> None:
    [target, _] = row("接待游客（人次）", "1.2万", "1.5万")
    assert (target.unit, target.unit_base, str(target.value_base)) == ("万人次", "人次", "12000.0")


def test_what_a_cell_says_of_time() -> None:
    [actual] = row("示例事项", "", "2023年1-11月完成3万件")
    assert (str(actual.period_start), str(actual.period_end)) == ("2023-01-01", "2023-11-30")
    [forecast] = row("示例事项", "", "预计30件")
    assert forecast.role == "forecast"


def test_a_rank_is_a_rank() -> None:
    [actual] = row("综合排名", "", "全市第2名")
    assert (actual.kind, actual.role, str(actual.value)) == ("indicator_rank", "actual", "2")


def test_known_indicators_get_their_key() -> None:
    assert {claim.subject for claim in row("新建农村公路", "10公里", "12公里")} == {"roads_built"}


def test_a_name_without_its_number() -> None:
    assert row("指标1：新建公路", "10公里", "")[0].surface == "新建公路"
    assert row("（1）新建公路", "10公里", "")[0].surface == "新建公路"


def test_a_completion_rate_belongs_to_the_actual() -> None:
    [target, actual, rate] = claims_of("指标名称 | 目标值 | 实际值 | 完成率\n新建公路 | 10公里 | 12公里 | 120%")
    assert (rate.kind, rate.host, target.host) == ("completion_rate", actual.number, None)


def test_blocks_may_repeat_in_one_table() -> None:
    form = """
资金 | 年初预算数 | 全年预算数 | 全年执行数
合计 | 100 | 100 | 90
三级指标 | 指标值 | 完成值 | 得分
新建公路 | 10公里 | 12公里 | 10
资金 | 年初预算数 | 全年预算数 | 全年执行数
项目支出 | 50 | 50 | 40
三级指标 | 得分 | 指标值 | 完成值
新改水井 | 9 | 10口 | 8口
"""
    claims = claims_of(form)
    assert [said(claim) for claim in claims if claim.kind == "indicator"] == ["10公里", "12公里", "10口", "8口"]
    assert [claim.subject for claim in claims if claim.kind == "expenditure"] == ["total", "project"]


def test_goals_in_sentences_are_targets_and_actuals() -> None:
    form = """
年度总体目标 | 预期目标 | < | 实际完成情况 | <
^ | 新建公路10公里，培训500人次 | < | 新建公路12公里，2024年共培训480人次 | <
"""
    assert told(form) == [
        ("indicator", "target", "新建公路", "10公里"),
        ("indicator", "target", "培训", "500人次"),
        ("indicator", "actual", "新建公路", "12公里"),
        ("indicator", "actual", "培训", "480人次"),
    ]


def test_a_sign_in_the_first_of_two_cells_under_one_header() -> None:
    form = "三级指标 | 指标值 | < | 完成值 | 分值\n新建公路 | ≥ | 10公里 | 12公里 | 5"
    assert [said(claim) for claim in claims_of(form)] == [">=10公里", "12公里", "5分"]


def test_a_note_across_the_table_is_no_row() -> None:
    assert claims_of(HEAD + "备注：本表一式三份 | < | < | < | < | < | < | <") == []
