"""Writes rankings.xlsx: the rankings and the facts behind them, for people who live in spreadsheets."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiheng.files import write_bytes
from publish import data, format, labels
from publish.data import PARTS, Edition, Row
from publish.warehouse import opened

if TYPE_CHECKING:
    from xlsxwriter import Workbook

WORKBOOK_NAME = "rankings.xlsx"
# What an Excel sheet can hold, without its head row. What does not fit is said in 说明 and is in csv/.
MOST_ROWS = 1_048_575
# No cell may become a formula, a link or a number by the look of its text.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMATS = {
    "text": {},
    "whole": {"num_format": "#,##0"},
    "score": {"num_format": "0.00"},
    "money": {"num_format": "#,##0.00"},
    "rate": {"num_format": "0.00%"},
    "number": {"num_format": "#,##0.######"},
}
HEAD = {"bold": True, "bg_color": "#E3E9F0", "border": 1, "text_wrap": True, "valign": "vcenter"}


@dataclass(frozen=True)
class Column:
    """A column: its head, how its value looks (a key of FORMATS), its width in characters, and where it comes from."""

    head: str
    look: str
    width: int
    value: Callable[[Row], Any]
    missing: str = "missing"
    bars: bool = False


def write(edition: Path) -> None:
    """Write `rankings.xlsx` of an edition: 说明, 区划排名, 部门排名, 报送情况, 自评与证据, 预算执行, 指标完成,
    问题清单.

    Numbers are numbers with the decimals they have; Excel keeps 15 digits. An absent value is a word, never an empty
    cell or zero. The same edition gives the same bytes.
    """
    import xlsxwriter

    loaded = data.load(edition)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book, opened(edition) as con:
        book.set_properties(
            {
                "title": "部门整体支出绩效排名",
                "author": "Jiheng 绩衡",
                "created": format.instant(loaded.about.as_of).replace(tzinfo=None),
            }
        )
        _cover(book, loaded)
        _sheet(book, "区划排名", _division_columns(loaded), loaded.division_ranks)
        _sheet(book, "部门排名", _department_columns(loaded), loaded.department_ranks)
        _sheet(book, "报送情况", _filing_columns(loaded), loaded.filings)
        _sheet(book, "自评与证据", _inflation_columns(loaded), loaded.inflation_departments)
        for name, columns, query in _facts(loaded):
            _sheet(book, name, columns, data.streamed(con, query))
        if loaded.about.override:
            for sheet in book.worksheets():
                sheet.set_header("&C本期经人工放行发布，见“说明”")
    write_bytes(edition / WORKBOOK_NAME, buffer.getvalue())


def _cover(book: Workbook, loaded: Edition) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90, book.add_format({"text_wrap": True, "valign": "top"}))
    bold = book.add_format({"bold": True, "valign": "top"})
    for position, (head, text) in enumerate(_cover_lines(loaded)):
        sheet.write_string(position, 0, head, bold)
        sheet.write_string(position, 1, text)


def _cover_lines(loaded: Edition) -> list[tuple[str, str]]:
    about = loaded.about
    return [
        ("名称", "部门整体支出绩效排名（绩衡 Jiheng）"),
        ("数据时间", format.moment(about.as_of)),
        ("期号", about.edition_id),
        ("门禁", labels.zh("gate_decision", about.gate_decision)),
        *_cover_marks(about),
        ("方法", "、".join(about.method_ids) or format.null("missing")),
        ("排名范围", "名次只在同一省、同一财政年度、同一同类组（部门为同一职能）、同一方法内比较。"),
        ("得分", "只依据能够核实的事实，不采用自评得分；名次按未舍入的得分排定，表中按两位小数显示。"),
        ("空值", "未提供：报告没有写。不适用：没有意义或不可评。未知：没有应报名册。三者都不是 0。"),
        (
            "报送情况",
            "截至本期数据时间。逾期：过了应报日期仍未报送。退回的须在重报期限前重新报送，首次收到的日期不变。",
        ),
        (
            "自评与证据",
            "证据得分只看已核实的执行与目标实现，自评还包括管理等内容；差距是需要了解的疑问，不是结论。",
        ),
        ("金额", "预算执行表以万元显示；到分的金额见 csv/、parquet/ 与 warehouse.duckdb。"),
        ("行数上限", f"每张表最多 {MOST_ROWS:,} 行；超出部分见 csv/。"),
        ("出处", "每个数字的原文句子、来源文件及校验值见 site/index.html。"),
    ]


def _cover_marks(about: data.About) -> list[tuple[str, str]]:
    """An override, the waivers that were used, and the years that were declared final, where there are any."""
    marks = []
    if about.override:
        who, why = about.override["who"], about.override["why"]
        ids = "、".join(about.override["expectations"])
        at = format.moment(about.override["at"])
        marks.append(("人工放行", f"本期未全部通过门禁，由{who}于{at}放行发布。理由：{why}。放行的校验：{ids}。"))
    if about.waivers:
        named = "；".join(f"{one['expectation_id']}（{one['why']}，至 {one['valid_until']}）" for one in about.waivers)
        marks.append(("豁免", f"{len(about.waivers)} 项：{named}"))
    for year, final in sorted(about.finals.items()):
        mark = about.final_mark(year)
        marks.append(("定稿", f"{year} 年度：{mark}（{final['frozen_on']} 定稿，{final['edition_id']} 期）"))
    return marks


def _sheet(book: Workbook, name: str, columns: Sequence[Column], found: Iterable[Row]) -> None:
    """One sheet: frozen head, filter over all rows, one format a column, bars where asked for."""
    sheet = book.add_worksheet(name)
    looks = {look: book.add_format(properties) for look, properties in FORMATS.items()}
    head = book.add_format(HEAD)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.head, head)
    sheet.freeze_panes(1, 4)
    last = 0
    for last, row in enumerate(found, start=1):
        if last > MOST_ROWS:
            last = MOST_ROWS  # noqa: PLW2901 -- the rows that were written, for the caller
            break
        for place, column in enumerate(columns):
            _cell(sheet, last, place, column, column.value(row), looks)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    for place, column in enumerate(columns):
        if column.bars and last:
            sheet.conditional_format(
                1,
                place,
                last,
                place,
                {
                    "type": "data_bar",
                    "bar_color": "#9DBFE3",
                    "bar_solid": True,
                    "min_type": "num",
                    "min_value": 0,
                    "max_type": "num",
                    "max_value": 100,
                },
            )
    _print_setup(sheet)


def _print_setup(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _cell(sheet: Any, line: int, place: int, column: Column, value: Any, looks: dict[str, Any]) -> None:
    if value is None:
        sheet.write_string(line, place, format.null(column.missing), looks["text"])
    elif isinstance(value, Decimal | int) and not isinstance(value, bool):
        sheet.write_number(line, place, value, looks[column.look])  # the file format itself holds doubles
    else:
        sheet.write_string(line, place, str(value), looks["text"])


def _of(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def _labelled(kind: str, name: str) -> Callable[[Row], Any]:
    return lambda row: None if row[name] is None else labels.zh(kind, row[name])


def _wan(name: str) -> Callable[[Row], Any]:
    return lambda row: None if row[name] is None else row[name] / format.YUAN_PER_WAN


def _rank_columns() -> list[Column]:
    return [
        Column("名次", "whole", 8, _of("rank"), "not_applicable"),
        Column("并列", "text", 6, lambda row: "是" if row["is_tied"] else "否"),
        Column("区间下限", "whole", 9, _of("rank_low"), "not_applicable"),
        Column("区间上限", "whole", 9, _of("rank_high"), "not_applicable"),
        Column("得分", "score", 12, _of("score"), "not_applicable", bars=True),
        *(Column(labels.zh("part", part), "score", 10, _of(part), "not_applicable") for part in PARTS),
        Column("应报", "whole", 8, _of("due"), "unknown_due"),
        Column("已报", "whole", 8, _of("received")),
        Column("受理", "whole", 8, _of("accepted")),
        Column("可评", "whole", 8, _of("assessable")),
        Column("核实率", "rate", 10, _of("verified_share"), "not_applicable"),
        Column("暂定", "text", 6, lambda row: "是" if row["is_provisional"] else "否"),
        Column("上期名次", "whole", 11, _of("previous_rank"), "no_previous"),
        Column("未排名原因", "text", 36, _labelled("unranked_reason", "unranked_reason"), "not_applicable"),
    ]


def _year_columns(loaded: Edition) -> list[Column]:
    """The fiscal year and whether it was declared final."""
    return [
        Column("财政年度", "text", 9, lambda row: str(row["fiscal_year"])),
        Column("年度状态", "text", 9, lambda row: loaded.about.final_mark(row["fiscal_year"]) or "未定稿"),
    ]


def _division_columns(loaded: Edition) -> list[Column]:
    return [
        *_year_columns(loaded),
        Column("省", "text", 12, lambda row: loaded.division_name(row["province_key"])),
        Column("区划", "text", 20, lambda row: loaded.division_name(row["division_key"])),
        Column("同类组", "text", 14, lambda row: labels.zh("league", row["league"] or "none")),
        Column("方法", "text", 10, _of("method_id")),
        *_rank_columns(),
    ]


def _department_columns(loaded: Edition) -> list[Column]:
    return [
        *_year_columns(loaded),
        Column("区划", "text", 20, lambda row: loaded.division_name(row["division_key"])),
        Column("部门", "text", 28, lambda row: loaded.department_name(row["department_key"])),
        Column("职能", "text", 10, lambda row: loaded.function_name(row["function"])),
        Column("省", "text", 12, lambda row: loaded.division_name(row["province_key"])),
        Column("方法", "text", 10, _of("method_id")),
        *_rank_columns(),
    ]


def _filing_columns(loaded: Edition) -> list[Column]:
    return [
        *_year_columns(loaded),
        Column("区划", "text", 20, lambda row: loaded.division_name(row["division_key"])),
        Column("部门", "text", 28, lambda row: loaded.department_name(row["department_key"])),
        Column("应报", "text", 8, _is_due, "unknown_due"),
        Column("状态", "text", 16, _labelled("status", "state")),
        Column("应报日期", "text", 12, _of("due_on"), "unknown_due"),
        Column("首次收到", "text", 12, _of("first_received_on"), "not_submitted"),
        Column("最近收到", "text", 12, _of("last_received_on"), "not_submitted"),
        Column("报送次数", "whole", 9, _of("versions")),
        Column("晚报（逾期）天数", "whole", 11, _of("days_late"), "not_applicable"),
        Column("重报期限", "text", 12, _of("mend_by"), "not_applicable"),
        Column("超过重报期限天数", "whole", 11, _of("mend_days_late"), "not_applicable"),
        Column("未了结P0", "whole", 9, _of("p0_open")),
        Column("未了结P1", "whole", 9, _of("p1_open")),
        Column("未了结P2", "whole", 9, _of("p2_open")),
    ]


def _inflation_columns(loaded: Edition) -> list[Column]:
    return [
        *_year_columns(loaded),
        Column("区划", "text", 20, lambda row: loaded.division_name(row["division_key"])),
        Column("部门", "text", 28, lambda row: loaded.department_name(row["department_key"])),
        Column("方法", "text", 10, _of("method_id")),
        Column("自评得分", "score", 10, _of("self_score")),
        Column("证据得分", "score", 10, _of("evidence_score"), "not_applicable"),
        Column("差距（分）", "score", 10, _of("gap"), "not_applicable"),
        Column("其中：执行率", "rate", 11, _of("execution_rate"), "not_applicable"),
        Column("其中：目标完成率", "rate", 13, _of("completion_rate"), "not_applicable"),
        Column("自称等级", "text", 9, _of("claimed_grade")),
        Column("证据所在等级", "text", 11, _of("evidence_grade"), "not_applicable"),
        Column("没有差距的原因", "text", 36, _labelled("no_gap_reason", "no_gap_reason"), "not_applicable"),
    ]


def _is_due(row: Row) -> str | None:
    """Whether a report is owed; unknown without a register."""
    if not row["has_register"]:
        return None
    return "是" if row["is_due"] else "否（名册以外）"


def _facts(loaded: Edition) -> list[tuple[str, list[Column], str]]:
    return [
        ("预算执行", _unit_columns(loaded) + _budget_columns(loaded), BUDGETS),
        ("指标完成", _unit_columns(loaded) + _outcome_columns(loaded), OUTCOMES),
        ("问题清单", _unit_columns(loaded) + _finding_columns(), FINDINGS),
    ]


def _unit_columns(loaded: Edition) -> list[Column]:
    return [
        *_year_columns(loaded),
        Column("区划", "text", 20, lambda row: loaded.division_name(row["division_key"])),
        Column("部门", "text", 28, lambda row: loaded.department_name(row["department_key"])),
        Column("报送状态", "text", 16, _labelled("status", "status")),
    ]


def _budget_columns(loaded: Edition) -> list[Column]:
    return [
        Column("类别", "text", 16, lambda row: loaded.category_name(row["category"])),
        Column("年初预算（万元）", "money", 16, _wan("initial_yuan")),
        Column("调整预算（万元）", "money", 16, _wan("adjusted_yuan")),
        Column("支出（万元）", "money", 16, _wan("amount_yuan")),
        Column("执行率（重算）", "rate", 13, _of("execution_rate")),
        Column("执行率（自报）", "rate", 13, _of("stated_execution_rate")),
        Column("核实", "text", 10, _labelled("verification", "verification")),
        Column("来源文件", "text", 36, _of("source_name")),
    ]


def _outcome_columns(loaded: Edition) -> list[Column]:
    return [
        Column("指标", "text", 24, lambda row: loaded.indicator_name(row["indicator_key"])),
        Column("期间", "text", 24, lambda row: format.period(row["period_start"], row["period_end"])),
        Column("要求", "text", 6, lambda row: labels.zh("operator", row["target_operator"] or "eq") or "＝"),
        Column("目标", "number", 14, _of("target_value")),
        Column("实际", "number", 14, _of("actual_value")),
        Column("单位", "text", 10, _of("unit"), "not_applicable"),
        Column("完成率（重算）", "rate", 13, _of("completion_rate"), "not_applicable"),
        Column("完成率（自报）", "rate", 13, _of("stated_completion_rate")),
        Column("核实", "text", 10, _labelled("verification", "verification")),
        Column("不可评原因", "text", 26, _labelled("not_assessable_reason", "not_assessable_reason"), "not_applicable"),
        Column("来源文件", "text", 36, _of("source_name")),
    ]


def _finding_columns() -> list[Column]:
    return [
        Column("级别", "text", 7, _of("severity")),
        Column("规则", "text", 14, _of("rule_id")),
        Column("问题", "text", 50, _of("message_zh")),
        Column("应为", "text", 26, _of("expected"), "not_applicable"),
        Column("实为", "text", 26, _of("found")),
        Column("怎样改正", "text", 50, _of("remedy_zh")),
        Column("来源文件", "text", 36, _of("source_name")),
    ]


# min() of a verification is its worst: contradicted < unverifiable < verified, in the order of the alphabet.
UNIT = "s.fiscal_year, s.division_key, s.department_key, s.status, s.source_name"
ORDER = "s.fiscal_year DESC, s.division_key, s.department_key, s.submission_version_id"
BUDGETS = f"""
WITH spent AS (
  SELECT submission_version_id, category, amount_yuan, adjusted_budget_yuan, execution_rate, stated_execution_rate,
         verification FROM main.fct_expenditure
), budget AS (
  SELECT submission_version_id, category, max(amount_yuan) FILTER (stage = 'initial') AS initial_yuan,
         max(amount_yuan) FILTER (stage = 'adjusted') AS adjusted_yuan, min(verification) AS verification
  FROM main.fct_budget GROUP BY ALL
)
SELECT {UNIT}, category, b.initial_yuan, coalesce(b.adjusted_yuan, e.adjusted_budget_yuan) AS adjusted_yuan,
       e.amount_yuan, e.execution_rate, e.stated_execution_rate,
       coalesce(e.verification, b.verification) AS verification
FROM spent AS e FULL JOIN budget AS b USING (submission_version_id, category)
JOIN main.dim_submission AS s USING (submission_version_id)
WHERE s.is_current ORDER BY {ORDER}, category
"""
OUTCOMES = f"""
SELECT {UNIT}, o.* FROM main.fct_indicator_outcome AS o JOIN main.dim_submission AS s USING (submission_version_id)
WHERE s.is_current ORDER BY {ORDER}, o.period_end, o.indicator_key, o.target_claim_id
"""
FINDINGS = f"""
SELECT {UNIT}, f.severity, f.rule_id, f.message_zh, f.expected, f.found, f.remedy_zh
FROM main.fct_finding AS f JOIN main.dim_submission AS s USING (submission_version_id)
WHERE s.is_current AND f.outcome = 'fail' ORDER BY f.severity, {ORDER}, f.rule_id, f.finding_id
"""
