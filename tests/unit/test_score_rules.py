"""Score forms as departments fill them in, on which no rule of scores may raise an alarm, and mistakes told once."""

from datetime import date

import pytest

from ingest.checking.verdict import judge
from ingest.documents import read_document
from ingest.identify import Directory, Identity
from ingest.reader import ReaderData, case_of
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT
from tests.unit.forms import document_of
from tests.unit.test_rules import PARENTS

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
DATA = ReaderData(Directory(()), {}, REFERENCE)
SENDER = Identity("a", "甲县", "a-1", "教育局", "甲县教育局", (), 2024, date(2025, 3, 31), ())
HEAD = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因\n"
SHORT = "一级指标 | 三级指标 | 年度指标值 | 实际完成值 | {} | 得分\n"
MONEY = "资金 | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分\n"
LEVELS = """
一级指标 | 权重 | 二级指标 | 权重 | 三级指标 | 权重 | 自评得分 | 扣分原因
预算编制情况 | 20 | 预算编制 | 10 | 预算编制合理性 | 5 | 5 |
^ | ^ | ^ | ^ | 预算编制规范性 | 5 | 4.5 | 科目有误
^ | ^ | 目标设置 | {} | 绩效目标合理性 | 6 | 6 |
^ | ^ | ^ | ^ | 绩效指标明确性 | 4 | 4 |
使用效益 | 80 | 效果 | 80 | 效果性 | 80 | 78 | 效益有待提高
合计 | < | < | < | < | 100 | 97.5 |
"""
SUBTOTALS = (
    HEAD
    + """产出指标 | 数量指标 | 新建公路 | ≥10公里 | 12公里 | 20 | 20 |
^ | 质量指标 | 合格率 | ≥95% | 96% | 30 | 30 |
{} | < | < | | | 50 | 50 |
效益指标 | 社会效益 | 出行便利 | 便利 | 便利 | 50 | 48 | 道路狭窄
总分 | < | < | < | < | 100 | 98 |"""
)


TEXTS = {
    "another year": "我局2024年度部门整体支出绩效自评得分95分，2023年度自评得分91分。",
    "a rounded repeat": "我局部门整体支出绩效自评得分95.36分。\n三、其他\n综上，我局部门整体支出绩效自评得分95.4分。",
    "the scheme of grades": "自评等级为优。根据评分标准，90分以上为优，80-90分为良，评价等级为良。",
    "other things with scores": "我局整体支出绩效自评得分95分。3个项目自评得分96分。信用评价等级为A。",
    "rules of scoring": "预算编制满分10分，每少1%扣2分，自评得9分。扣1分。每项满分2分，6项共得12分。",
    "more full marks than 100": "我局部门整体支出绩效自评满分120分，自评得分112分。",
    "items within items": "我局部门整体支出绩效自评得分95分，其中产出满分50分，得48分，数量指标满分20分，得19分。",
}


def failures(*grids: str, text: str = "") -> list[str]:
    """The rules of scores that fail on forms, or on a conclusion in words."""
    document = document_of(*grids) if grids else read_document(f"二、绩效自评情况\n（一）自评结论\n{text}".encode())
    case = case_of(document, SENDER, read_report(document, 2024, REFERENCE), DATA, SENDER.filled_on)
    found = judge(case, PARENTS, REFERENCE).findings
    return [f.rule_id for f in found if f.result.outcome == "fail" and f.rule_id.startswith("E") and f.rule_id > "E04"]


FORMS = {
    "weights as ratios": SHORT.format("权重")
    + """产出 | 新建公路 | ≥10公里 | 12公里 | 0.5 | 50
效益 | 满意度 | ≥90% | 95% | 0.5 | 48""",
    "weights in percent": SHORT.format("权重（%）")
    + """产出 | 新建公路 | ≥10公里 | 12公里 | 40 | 50
效益 | 满意度 | ≥90% | 95% | 60 | 48""",
    "each item scored out of 100": SHORT.format("权重")
    + """产出 | 新建公路 | ≥10公里 | 12公里 | 50 | 100
效益 | 满意度 | ≥90% | 95% | 50 | 96""",
    "one cell of points for two items": HEAD
    + """产出指标 | 数量指标 | 新建公路 | ≥10公里 | 12公里 | 10 | 20 |
^ | ^ | 新建桥梁 | ≥2座 | 2座 | 10 | ^ |
效益指标 | 社会效益 | 出行便利 | 便利 | 便利 | 80 | 80 |
总分 | < | < | < | < | 100 | 100 |""",
    "bonus points and deductions": """一级指标 | 三级指标 | 分值 | 得分 | 说明
产出 | 任务完成 | 60 | 58 | 一项延期
效益 | 效果 | 40 | 39 | 尚未见效
加分项 | 上级表彰 | 5 | 6 | 两次表彰
扣分项 | 审计问题 | 0 | -2 | 已整改
总分 | | 100 | 101 |""",
    "a scheme of its own in each row": """一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 评分标准 | 得分
产出 | 新建公路 | ≥10公里 | 9公里 | 60 | 完成90%以上得满分，每低1%扣1分 | 60
效益 | 满意度 | ≥90% | 95% | 40 | 达标得满分 | 38""",
    "less is better without a sign": HEAD
    + """产出指标 | 时效指标 | 完成时间 | 30天 | 26天 | 10 | 10 |
^ | 成本指标 | 项目成本 | 100万元 | 80万元 | 10 | 10 |
^ | 数量指标 | 安全事故数 | 5起 | 3起 | 10 | 10 |
^ | 时效指标 | 完成时限 | 12月底前 | 11月 | 10 | 10 |""",
    "several figures, ranges, about": HEAD
    + """产出指标 | 数量指标 | 培训 | ≥5场，500人次 | 6场，480人次 | 10 | 10 |
^ | 质量指标 | 合格率 | 90%-100% | 92% | 10 | 10 |
^ | ^ | 就业率 | ≥90% | 约89% | 10 | 10 |""",
    "a rounded total": """一级指标 | 三级指标 | 分值 | 得分 | 说明
产出 | 任务完成 | 60 | 58.33 | 一项延期
效益 | 效果 | 40 | 39.25 | 尚未见效
总分 | | 100 | 97.6 |""",
    "points rounded to a whole": MONEY
    + """年度资金总额 | 100 | 100 | 97.9 | 10 | 97.9% | 10
其中：财政拨款 | 90 | 90 | 88 | - | 97.78% | -""",
    "points that follow a wrong rate": MONEY + "年度资金总额 | 100 | 200 | 90 | 10 | 90% | 9",
    "full marks on each level": LEVELS.format(10),
    "a subtotal of the rows above": SUBTOTALS.format("小计"),
    "a subtotal with a name": SUBTOTALS.format("产出指标小计"),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_without_an_alarm(name: str) -> None:
    assert failures(FORMS[name]) == []


@pytest.mark.parametrize("name", TEXTS)
def test_texts_without_an_alarm(name: str) -> None:
    assert failures(text=TEXTS[name]) == []


def test_a_deviation_of_zero_fits_figures_that_are_alike() -> None:
    head = "三级指标 | 指标值 | 自评完成值 | 权重 | 自评得分 | 复核完成值 | 偏离度 | 备注\n"
    assert failures(head + "合格率 | ≥95% | 96% | 50 | 48 | 96% | 0 | 档案不全") == []
    assert failures(head + "合格率 | ≥95% | 96% | 50 | 48 | 92% | 9% | 档案不全") == ["E27"]


def test_a_wrong_level_is_told_once_and_not_again_by_the_level_above() -> None:
    assert failures(LEVELS.format(12)) == ["E10"]


def test_the_totals_of_two_forms_are_not_mixed() -> None:
    form = SUBTOTALS.format("小计")
    assert failures(form, form.replace("| 98 |", "| 95 |")) == ["E08"]
