"""The interpreter, phrase by phrase: made-up sentences in the habits of many provinces."""

from pathlib import Path

import pytest

from ingest.documents import Document
from ingest.reading.claims import Claim
from ingest.reading.names import noun_of
from ingest.reading.report import read_report

REFERENCE = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


def claims(text: str) -> list[Claim]:
    return list(read_report(Document("text/plain", text), 2022, REFERENCE).claims)


def told(text: str) -> list[tuple[str, str, str | None, str]]:
    return [(claim.kind, claim.role, claim.subject, f"{claim.value}{claim.unit}") for claim in claims(text)]


def named(text: str) -> list[tuple[str, str, str, str]]:
    return [(claim.kind, claim.role, claim.surface, f"{claim.value}{claim.unit}") for claim in claims(text)]


MONEY = {
    "an amount, its change and the rate of the change": (
        "2022年支出决算480.50万元，较上年增加20.50万元，增长4.46%。",
        [
            ("expenditure", "actual", "total", "480.50万元"),
            ("change", "vs_prior_year", "expenditure.total", "20.50万元"),
            ("change_rate", "vs_prior_year", "expenditure.total", "4.46%"),
        ],
    ),
    "what an amount is compared with sets nothing": (
        "“三公”经费年初预算9.00万元，决算7.00万元，较预算减少2.00万元。",
        [
            ("budget", "initial", "three_public", "9.00万元"),
            ("expenditure", "actual", "three_public", "7.00万元"),
            ("change", "vs_initial_budget", "expenditure.three_public", "-2.00万元"),
        ],
    ),
    "parts in a bracket have the measure of the whole, and a share behind it belongs to the whole": (
        "基本支出决算100.00万元（人员经费80.00万元、公用经费20.00万元），占总支出的40.00%。",
        [
            ("expenditure", "actual", "basic", "100.00万元"),
            ("expenditure", "actual", "personnel", "80.00万元"),
            ("expenditure", "actual", "public_funds", "20.00万元"),
            ("share", "stated", "basic", "40.00%"),
        ],
    ),
    "rates in a row belong to the amounts before them": (
        "基本支出、项目支出决算分别为99.00万元、43.00万元，执行率分别为99.00%、86.00%。",
        [
            ("expenditure", "actual", "basic", "99.00万元"),
            ("expenditure", "actual", "project", "43.00万元"),
            ("execution_rate", "stated", "basic", "99.00%"),
            ("execution_rate", "stated", "project", "86.00%"),
        ],
    ),
    "income of an industry is no income of the department": (
        "决算收入300.00万元。全年旅游总收入12.5亿元。",
        [("income", "actual", "total", "300.00万元"), ("indicator", "actual", None, "12.5亿元")],
    ),
    "money of a named project is not the department's total": (
        "仓库改造项目资金360万元，实际支出213.5万元，执行率59.31%。",
        [
            ("budget", "adjusted", None, "360万元"),
            ("expenditure", "actual", None, "213.5万元"),
            ("execution_rate", "stated", None, "59.31%"),
        ],
    ),
    "a fund that the sentence opens with": (
        "三、部门整体支出情况\n农村厕所改造资金执行较慢，预算90万元，实际支出60万元，执行率66.67%。",
        [
            ("budget", "initial", None, "90万元"),
            ("expenditure", "actual", None, "60万元"),
            ("execution_rate", "stated", None, "66.67%"),
        ],
    ),
    "a sum behind its parts is the department's": (
        "三、部门整体支出情况\n教育支出40万元，住房保障支出10万元，合计50万元。",
        [
            ("expenditure", "actual", "education", "40万元"),
            ("expenditure", "actual", "housing", "10万元"),
            ("expenditure", "actual", "total", "50万元"),
        ],
    ),
    "parts of an adjusted budget are adjusted": (
        "全年预算数80.00万元，其中：基本支出预算数30.00万元，项目支出预算数50.00万元。",
        [
            ("budget", "adjusted", "total", "80.00万元"),
            ("budget", "adjusted", "basic", "30.00万元"),
            ("budget", "adjusted", "project", "50.00万元"),
        ],
    ),
    "behind the parts a comparison is of the whole": (
        "“三公”经费支出19.00万元，其中公务接待费7.00万元。比上年减少2.00万元。",
        [
            ("expenditure", "actual", "three_public", "19.00万元"),
            ("expenditure", "actual", "reception", "7.00万元"),
            ("change", "vs_prior_year", "expenditure.three_public", "-2.00万元"),
        ],
    ),
    "what is left of a budget": (
        "“三公”经费预算16.00万元，实际支出11.00万元，节约5.00万元。",
        [
            ("budget", "initial", "three_public", "16.00万元"),
            ("expenditure", "actual", "three_public", "11.00万元"),
            ("change", "vs_initial_budget", "expenditure.three_public", "-5.00万元"),
        ],
    ),
    "over the budget": (
        "本年支出600.00万元，超出年初预算100.00万元。",
        [
            ("expenditure", "actual", "total", "600.00万元"),
            ("change", "vs_initial_budget", "expenditure.total", "100.00万元"),
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), MONEY.values(), ids=MONEY)
def test_money(text: str, expected: list) -> None:
    assert told(text) == expected


WORK = {
    "from one figure to another": (
        "巩固率由上年的91.2%提高到94.6%。",
        [("indicator", "actual", "巩固率", "91.2%"), ("indicator", "actual", "巩固率", "94.6%")],
    ),
    "a part of a task": (
        "新建步道完成任务50公里的92.4%。",
        [("indicator", "target", "新建步道", "50公里"), ("completion_rate", "stated", "新建步道", "92.4%")],
    ),
    "target, actual and completion": (
        "植树目标40万株，实际完成44万株，完成率110%。",
        [
            ("indicator", "target", "植树", "40万株"),
            ("indicator", "actual", "植树", "44万株"),
            ("completion_rate", "stated", "植树", "110%"),
        ],
    ),
    "figures in a row fall alike": (
        "火情、虫情同比分别下降14.2%、7.9%。",
        [("growth", "actual", "火情", "-14.2%"), ("growth", "actual", "虫情", "-7.9%")],
    ),
    "a shared unit": (
        "造林、封育、抚育分别为3.2、5.9和3.5万亩。",
        [
            ("indicator", "actual", "造林", "3.2万亩"),
            ("indicator", "actual", "封育", "5.9万亩"),
            ("indicator", "actual", "抚育", "3.5万亩"),
        ],
    ),
    "parts of a figure": (
        "全年培训农民600人次，其中妇女240人次、青年130人次。",
        [
            ("indicator", "actual", "培训农民", "600人次"),
            ("indicator", "component", "妇女", "240人次"),
            ("indicator", "component", "青年", "130人次"),
        ],
    ),
    "a noun behind the figure": (
        "全年举办3场专题讲座和2期培训班。",
        [("indicator", "actual", "举办专题讲座", "3场"), ("indicator", "actual", "培训班", "2期")],
    ),
    "a rate that needs the noun before it": (
        "随机抽检食品120批次，合格率98.5%。",
        [("indicator", "actual", "随机抽检食品", "120批次"), ("indicator", "actual", "随机抽检食品合格率", "98.5%")],
    ),
    "a level that stands for a noun": (
        "新增省级龙头企业2家、市级5家。",
        [("indicator", "actual", "新增省级龙头企业", "2家"), ("indicator", "actual", "市级龙头企业", "5家")],
    ),
    "a rank with the figure before it": (
        "空气优良率96.1%，居全市第二。",
        [("indicator", "actual", "空气优良率", "96.1%"), ("indicator_rank", "actual", "空气优良率", "2")],
    ),
    "background in a section about the department": (
        "一、机构设置\n局机关内设5个股室，核定编制32名。",
        [("context", "context", "股室", "5个"), ("context", "context", "核定编制", "32名")],
    ),
    "points of an evaluation": (
        "自评得分94.5分，其中投入（10分）得9.5分，过程（20分）得18分。",
        [
            ("score", "self", "", "94.5分"),
            ("score", "full", "投入", "10分"),
            ("score", "item", "投入", "9.5分"),
            ("score", "full", "过程", "20分"),
            ("score", "item", "过程", "18分"),
        ],
    ),
    "points taken off": (
        "合同备案不及时，扣0.5分。",
        [("score", "item", "合同备案不及时", "-0.5分")],
    ),
    "points under an item's heading": (
        "3.信息公开。按时公开了预算，自评得分3分。",
        [("score", "item", "信息公开", "3分")],
    ),
    "a verb in a section of targets tells what is to be done": (
        "二、年度绩效目标\n完成厕所改造85户，已启动12户。",
        [("indicator", "target", "完成厕所改造", "85户"), ("indicator", "actual", "启动", "12户")],
    ),
    "a bound with what was reached behind it": (
        "三、目标完成情况\n备案及时率不低于98%，实际95.7%。",
        [("indicator", "target", "备案及时率", "98%"), ("indicator", "actual", "备案及时率", "95.7%")],
    ),
    "grades of projects are parts": (
        "三、目标完成情况\n自评项目30个，结果为“优”的20个，为“良”的10个。",
        [
            ("indicator", "actual", "自评项目", "30个"),
            ("indicator", "component", "结果为“优", "20个"),
            ("indicator", "component", "良", "10个"),
        ],
    ),
    "names of a list share the head of the last": (
        "三、目标完成情况\n牛、羊、禽饲养量分别达到11万头、96万只和204万羽。",
        [
            ("indicator", "actual", "牛饲养量", "11万头"),
            ("indicator", "actual", "羊饲养量", "96万只"),
            ("indicator", "actual", "禽饲养量", "204万羽"),
        ],
    ),
    "the field of a rank and the rank": (
        "三、目标完成情况\n空气质量综合指数4.62，在全国168个重点城市中排名第22位。",
        [
            ("indicator", "actual", "空气质量综合指数", "4.62"),
            ("context", "context", "重点城市", "168个"),
            ("indicator_rank", "actual", "空气质量综合指数", "22"),
        ],
    ),
    "how far a task got": (
        "三、目标完成情况\n春季造林任务完成87%。",
        [("completion_rate", "stated", "春季造林", "87%")],
    ),
    "a bound in a list of targets": (
        "年度绩效目标如下：\n（1）新建厕所不少于80座；\n（2）群众满意度90%以上。",
        [("indicator", "target", "新建厕所", "80座"), ("indicator", "target", "service_satisfaction", "90%")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), WORK.values(), ids=WORK)
def test_work(text: str, expected: list) -> None:
    found = [
        (claim.kind, claim.role, claim.subject if claim.subject == "service_satisfaction" else claim.surface, amount)
        for claim, (*_, amount) in zip(claims(text), told(text), strict=True)
    ]
    found = [
        (kind, role, "" if kind == "score" and role == "self" else noun, amount) for kind, role, noun, amount in found
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("before", "after", "noun"),
    [
        ("全年累计完成", "", ""),
        ("2022年，全县新增", "农村公厕", "新增农村公厕"),
        ("其中：举办", "专场招聘会", "举办专场招聘会"),
        ("办公室、人事股、财务股等", "股室", "股室"),
        ("群众满意度达到", "", "群众满意度"),
        ("截至12月底，累计治理水土流失面积", "", "治理水土流失面积"),
    ],
)
def test_nouns(before: str, after: str, noun: str) -> None:
    assert noun_of(before.rpartition("，")[2], after) == noun


def test_a_year_in_brackets_dates_the_figure_before_it_only() -> None:
    before, after = claims("入学率由97.1%（2020年）提高到99.3%。")
    assert (before.period_end.year, after.period_end.year) == (2021, 2022)


def test_a_part_of_the_year_holds_until_the_whole_year_is_named() -> None:
    part, whole = claims("1-10月接待游客80万人次，预计全年接待游客100万人次。")
    assert (part.period_end.month, whole.period_end.month, whole.role) == (10, 12, "forecast")


def test_every_claim_bears_the_ids_of_the_rules_that_made_it() -> None:
    (claim,) = claims("目标任务：新建步道50公里。")
    assert claim.rule_ids == ("lexer.quantity", "role.label_target")
