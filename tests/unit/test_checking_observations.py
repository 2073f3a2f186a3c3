"""Observations: each on a short made-up text where it is made, and on one where there is nothing to say."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.checking.observation import Observation, settings
from ingest.documents import read_document
from ingest.identify import Directory, Identity
from ingest.reader import ReaderData, judge_report
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
DATA = ReaderData(Directory(()), {}, REFERENCE)
SENDER = Identity("a", "甲县", "a-1", "教育局", "甲县教育局", (), 2024, date(2025, 3, 31), ())
MONEY = "一、部门基本情况\n（四）部门整体支出情况\n"
PLAN = "一、部门基本情况\n（三）部门整体支出绩效目标\n"
RESULTS = "二、绩效自评情况\n（二）部门整体支出使用绩效\n"
CONCLUSION = "二、绩效自评情况\n（一）自评结论\n"


def observations(text: str) -> tuple[Observation, ...]:
    document = read_document(text.encode())
    reading = read_report(document, SENDER.fiscal_year, REFERENCE)
    return judge_report(document, SENDER, reading, DATA).observations


def found(text: str) -> set[tuple[str, str, str | None]]:
    """Kind, verdict and the recomputed value with two decimals."""
    return {
        (
            seen.kind,
            seen.verdict,
            None if seen.recomputed is None else str(seen.recomputed.quantize(Decimal("0.01"), ROUND_HALF_UP)),
        )
        for seen in observations(text)
    }


@pytest.mark.parametrize(
    ("text", "kind", "verdict", "recomputed"),
    [
        (f"{MONEY}调整后预算100.00万元，全年支出决算80.00万元。", "bound", "holds", "0.00"),
        (f"{MONEY}调整后预算100.00万元，全年支出决算180.00万元。", "bound", "fails", "1.00"),
        (f"{MONEY}年初预算300.00万元，比上年增加20.00万元。", "derived", "derived", "280.00"),
        (f"{MONEY}调整后预算100.00万元，全年支出决算80.00万元。", "ratio_missing", "derived", "80.00"),
        (f"{MONEY}年初预算160.00万元，全年支出决算80.00万元。", "ratio_missing", "derived", "50.00"),
        (
            f"{MONEY}年初预算110.00万元，调整后预算100.00万元，全年支出决算80.00万元，预算执行率80.00%。",
            "ratio",
            "alternative_fails",
            "72.73",
        ),
        (f"{MONEY}2024年总收入500.00万元，总支出500.00万元。", "equal", "holds", "500.00"),
        (f"{MONEY}2024年总收入500.00万元，总支出480.00万元。", "equal", "differs_20.00", "480.00"),
        (f"{PLAN}全年不少于80个新开工项目。\n{RESULTS}目标：新开工项目90个。", "drift", "conflict", "90.00"),
        (f"{PLAN}全年不少于80个新开工项目。\n{RESULTS}目标：新开工项目80个。", "agree", "holds", "80.00"),
        (f"{PLAN}全年举办讲座不少于6场。", "missing_actual", "missing_actual", "1.00"),
        (
            f"{PLAN}全年不少于80个新开工项目。\n{RESULTS}目标：新竣工项目30个。完成情况：新竣工项目30个。",
            "new_target",
            "target_not_declared",
            "1.00",
        ),
        (f"{RESULTS}目标：新开工项目80个。完成情况：新开工项目60个。", "ratio_missing", "derived", "75.00"),
        (f"{RESULTS}全年完成新开工项目共22个，完成率122.22%。", "implied_target", "integer_ok", "18.00"),
        (f"{RESULTS}全年完成新开工项目共22个，完成率117.00%。", "implied_target", "not_whole", "18.80"),
        (f"{RESULTS}全年完成工业投资20.35亿元，完成率113.05%。", "ratio", "truncated_not_rounded", "113.06"),
        (
            f"{RESULTS}目标：工业投资100.0亿元。完成情况：1-11月，工业投资80.0亿元。",
            "period",
            "period_mismatch",
            "80.00",
        ),
        (
            f"{RESULTS}目标：工业投资100.0亿元。完成情况：全年工业投资预计完成90.0亿元。",
            "forecast",
            "stale_forecast",
            "90.00",
        ),
        (f"{RESULTS}完成工业投资110.0亿元，同比增长10.0%。", "derived", "derived", "100.00"),
        (
            f"{RESULTS}目标：工业投资130.0亿元，增长10.0%。完成情况：工业投资110.0亿元，增长10.0%。",
            "base",
            "conflict",
            "30.00",
        ),
        (f"{RESULTS}目标：工业投资增长10.0%。完成情况：工业投资增长5.0%。", "direction", "missed", "5.00"),
        (f"{RESULTS}目标：工业投资增长10.0%。完成情况：工业投资增长15.0%。", "direction", "met", "15.00"),
        (f"{RESULTS}全年完成培训58场，其中甲类培训45场，乙类培训13场。", "sum", "holds", "58.00"),
        (f"{RESULTS}全年完成培训58场，其中甲类培训45场，乙类培训23场。", "sum", "fails", "68.00"),
        (f"{RESULTS}全年完成培训58场，其中甲类培训40场，乙类培训13场。", "sum", "residual_5", "53.00"),
        (f"{RESULTS}完成工业投资13.56亿元，其中技改投资2.08亿元。", "subset", "holds", "2.08"),
        (f"{RESULTS}完成工业投资13.56亿元，其中技改投资20.80亿元。", "subset", "exceeds", "20.80"),
        (f"{RESULTS}项目用地90.00亩分两批报批，第一批60.00亩用地已完成报批。", "derived", "derived", "30.00"),
        (f"{RESULTS}我局负责的重点项目有3个，包括甲站、乙站、丙站。", "count", "holds", "3.00"),
        (f"{RESULTS}我局负责的重点项目有4个，包括甲站、乙站、丙站。", "count", "fails", "3.00"),
        (f"{RESULTS}建成5G基站406座，工业投资完成406亿元。", "collision", "suspect_copy", "406.00"),
        (f"{RESULTS}新签约项目22个，新开工项目22个。", "duplicate", "suspect_copy", "22.00"),
        (f"{CONCLUSION}我局整体支出绩效自评结果为89分，达到“良”等级。", "grade", "holds", "89.00"),
        (f"{CONCLUSION}我局整体支出绩效自评结果为89分，达到“优”等级。", "grade", "fails", "89.00"),
        (f"{CONCLUSION}我局整体支出绩效自评结果为优。", "score_missing", "missing_score", "0.00"),
        (f"{CONCLUSION}我办整体支出绩效自评结果为89分。", "copy", "copy_paste", "1.00"),
        (f"{RESULTS}群众满意率达到95%以上。", "bound", "bound_only", "0.00"),
        ("一、概况\n（一）职能\n（二）机构\n（二）人员\n", "numbering", "structure", "1.00"),
        ("一、概况\n从两个方面发力：\n1.开源\n2.节流\n3.协同\n二、结论\n", "numbering", "structure", "1.00"),
    ],
)
def test_what_is_observed(text: str, kind: str, verdict: str, recomputed: str) -> None:
    assert (kind, verdict, recomputed) in found(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{MONEY}调整后预算100.00万元，全年支出决算80.00万元，预算执行率80.00%。", "ratio_missing"),
        (f"{PLAN}全年举办讲座不少于6场。\n{RESULTS}全年举办讲座8场。", "missing_actual"),
        (f"{RESULTS}目标：三公经费控制率不高于100%。完成情况：三公经费控制率90%。", "ratio_missing"),
        (f"{RESULTS}新签约项目8个，新开工项目8个。", "duplicate"),
        (f"{RESULTS}建成5G基站400座，工业投资完成400亿元。", "collision"),
        (f"{RESULTS}我局负责的重点项目有9个，包括甲站、乙站、丙站等。", "count"),
        (f"{CONCLUSION}我局整体支出绩效自评结果为89分，达到“良”等级。", "copy"),
        ("一、概况\n1.开源\n2.节流\n二、结论\n1.无\n2.无\n", "numbering"),
        ("一、概况\n从两个方面发力：\n1.开源\n2.节流\n二、结论\n", "numbering"),
    ],
)
def test_what_is_no_matter(text: str, kind: str) -> None:
    assert kind not in {seen.kind for seen in observations(text)}


@given(st.integers(2, 9), st.integers(2, 9))
def test_a_list_fails_unless_its_count_is_right(count: int, items: int) -> None:
    names = "、".join(f"{name}站" for name in "甲乙丙丁戊己庚辛壬"[:items])
    text = f"{RESULTS}我局负责的重点项目有{count}个，包括{names}。"
    assert ("count", "holds" if count == items else "fails", f"{count if count == items else items}.00") in found(text)


def test_every_observation_informs_only() -> None:
    text = f"{MONEY}调整后预算100.00万元，全年支出决算180.00万元。\n{CONCLUSION}我办整体支出绩效自评结果为优。"
    severities = {seen.verdict: seen.severity for seen in observations(text)}
    assert severities["fails"] == severities["copy_paste"] == "P2"
    assert severities["derived"] == "info"


def test_thresholds_and_patterns_are_all_in_use() -> None:
    folder = PROJECT_ROOT / "ingest" / "checking"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    names = {*settings()["patterns"], *settings()["thresholds"]} - {"collision_digits", "duplicate_digits"}
    assert [name for name in names if f'"{name}"' not in code] == []
