"""The self-evaluation form (自评表) as a workbook: a money block, an indicator block, the total and the grade."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from samples.figures import execution_points
from samples.model import Indicator, Report
from samples.wording_data import phrases

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
COLUMNS = 8
MONEY_HEAD = ("资金", "年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率", "得分")
INDICATOR_HEAD = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因")
CLASSES = {
    "count": ("产出指标", "数量指标"),
    "rate": ("产出指标", "质量指标"),
    "money": ("效益指标", "经济效益指标"),
    "usd": ("效益指标", "经济效益指标"),
    "growth": ("效益指标", "经济效益指标"),
    "reverse": ("效益指标", "社会效益指标"),
}
SIGNS = {"reverse": "≤", "growth": "", "rate": "≥"}


def score_form(report: Report) -> bytes:
    """The report as a filled-in form; the same report gives the same bytes."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet("自评表")
        sheet.set_column(0, COLUMNS - 1, 16)
        boxed = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        bold = book.add_format({"bold": True, "align": "center", "font_size": 16})
        row = _head(sheet, report, boxed, bold)
        row = _money_block(sheet, report, boxed, row)
        row = _indicator_block(sheet, report, boxed, row)
        _foot(sheet, report, boxed, row)
    return target.getvalue()


def _head(sheet: Any, report: Report, boxed: Any, bold: Any) -> int:
    sheet.merge_range(0, 0, 0, COLUMNS - 1, f"部门整体支出绩效自评表（{report.fiscal_year}年度）", bold)
    d = report.filled_on
    pairs = (
        ("部门名称", report.department.title),
        ("年度", f"{report.fiscal_year}年"),
        ("填报日期", f"{d.year}-{d.month:02d}-{d.day:02d}"),
        ("填报人", phrases()["persons"][0]),
        ("联系电话", phrases()["telephones"][0]),
        ("金额单位", "万元"),
    )
    for number, (label, value) in enumerate(pairs, 1):
        sheet.write_string(number, 0, label, boxed)
        sheet.merge_range(number, 1, number, COLUMNS - 1, value, boxed)
    return len(pairs) + 1


def _money_block(sheet: Any, report: Report, boxed: Any, row: int) -> int:
    told, names = report.money, phrases()["categories"]
    _write(sheet, row, MONEY_HEAD, boxed)
    for category in ("total", *told.parts):
        row += 1
        name = "年度资金总额" if category == "total" else names[category]
        figures = (told.initial[category], told.adjusted[category], told.spent[category])
        points = ("10", f"{execution_points(told)}") if category == "total" else ("", "")
        rate = f"{told.rates[category]}%"
        _write(sheet, row, (name, *(f"{value:.2f}" for value in figures), points[0], rate, points[1]), boxed)
    return row + 1


def _indicator_block(sheet: Any, report: Report, boxed: Any, row: int) -> int:
    _write(sheet, row, INDICATOR_HEAD, boxed)
    ordered = sorted(report.indicators, key=lambda item: CLASSES[item.style])
    start = row + 1
    for number, item in enumerate(ordered):
        _write(sheet, start + number, ("", "", *_indicator_cells(item)), boxed)
    for column in (0, 1):
        _merge_runs(sheet, [CLASSES[item.style][: column + 1] for item in ordered], start, column, boxed)
    return start + len(ordered)


def _indicator_cells(item: Indicator) -> tuple[str, ...]:
    sign = SIGNS.get(item.style, "≥")
    words = "增长" if item.style == "growth" else ""
    target = f"{words}{sign}{item.target:.{item.decimals}f}{item.unit}"
    actual = f"{item.actual:.{item.decimals}f}{item.unit}"
    missed = item.points < item.weight
    reason = "前期准备不足，推进偏慢" if missed else ""
    return (item.surface, target, actual, f"{item.weight}", f"{item.points}", reason)


def _merge_runs(sheet: Any, classes: list[tuple[str, ...]], start: int, column: int, boxed: Any) -> None:
    """Merge neighbouring rows of one class, as the published forms do."""
    first = 0
    for number in range(1, len(classes) + 1):
        if number < len(classes) and classes[number] == classes[first]:
            continue
        text = classes[first][column]
        if number - first > 1:
            sheet.merge_range(start + first, column, start + number - 1, column, text, boxed)
        else:
            sheet.write_string(start + first, column, text, boxed)
        first = number


def _foot(sheet: Any, report: Report, boxed: Any, row: int) -> None:
    total = report.score if report.score is not None else Decimal(0)
    _write(sheet, row, ("总分", "", "", "", "", "100", f"{total}", ""), boxed)
    sheet.write_string(row + 1, 0, "自评等级", boxed)
    sheet.merge_range(row + 1, 1, row + 1, COLUMNS - 1, report.grade, boxed)


def _write(sheet: Any, row: int, texts: tuple[str, ...], boxed: Any) -> None:
    for column, text in enumerate(texts):
        if _is_number(text):
            sheet.write_number(row, column, float(text), boxed)  # a cell's number is a float by the file format
        else:
            sheet.write_string(row, column, text, boxed)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
