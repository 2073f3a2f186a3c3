"""Errors of the kinds seen in real reports, put into a true report on purpose and written down with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from samples.figures import completion, grade_of, percent, rounded, score_form
from samples.model import Indicator, Planted, Report

Fault = Callable[[Report, Random, list[str]], Planted | None]


def plant(report: Report, kind: str, source: Random, other_places: list[str]) -> bool:
    """Put an error of this kind into the report; False, and nothing changed, where it does not apply."""
    if report.format == "xlsx" and kind not in FORM_KINDS:
        return False
    planted = FAULTS[kind](report, source, other_places)
    if planted is None:
        return False
    report.planted.append(planted)
    if report.format == "xlsx" and kind == "over_130":  # the form's points follow its figures
        report.score = score_form(report.money, report.indicators)
        report.grade = grade_of(report.score)
    return True


def _sum_mismatch(report: Report, source: Random, _: list[str]) -> Planted:
    category = report.money.parts[-1]
    true = report.money.initial[category]
    stated = true + source.choice([9, 18, 27, 90]) + Decimal("0.9")
    report.money.initial[category] = stated
    return Planted("sum_mismatch", f"budget.initial.{category}", str(stated), str(true))


def _execution_rate_wrong(report: Report, source: Random, _: list[str]) -> Planted:
    true = report.money.rates["total"]
    stated = true - Decimal(source.randint(150, 900)) / 100
    report.money.rates["total"] = stated
    return Planted("execution_rate_wrong", "execution_rate.total", str(stated), str(true))


def _completion_rate_wrong(report: Report, source: Random, _: list[str]) -> Planted | None:
    """The actual was brought up to date, the rate beside it was not."""
    row = _countable(report)
    if row is None:
        return None
    decimals = report.voice.rate_decimals
    true = completion(row, decimals)
    earlier = max(Decimal(1), rounded(row.actual * source.randint(52, 80) / 100, row.decimals))
    row.stated_rate = percent(earlier, row.target, decimals)
    return Planted("completion_rate_wrong", f"indicator.{row.surface}.stated_rate", str(row.stated_rate), str(true))


def _grade_without_score(report: Report, source: Random, _: list[str]) -> Planted:
    true = report.score
    report.score = None
    return Planted("grade_without_score", "self_evaluation.score", None, str(true))


def _score_grade_mismatch(report: Report, source: Random, _: list[str]) -> Planted:
    true = report.grade
    report.grade = "良" if true == "优" else "优"
    return Planted("score_grade_mismatch", "self_evaluation.grade", report.grade, true)


def _target_drift(report: Report, source: Random, _: list[str]) -> Planted | None:
    row = _countable(report)
    if row is None or row.target < 4:
        return None
    row.first_target = rounded(row.target * source.choice([70, 80, 130]) / 100, row.decimals)
    return Planted("target_drift", f"indicator.{row.surface}.target", str(row.first_target), str(row.target))


def _partial_period(report: Report, source: Random, _: list[str]) -> Planted | None:
    return _other_timing(report, "partial", 80, 95)


def _forecast_as_actual(report: Report, source: Random, _: list[str]) -> Planted | None:
    return _other_timing(report, "forecast", 100, 104)


def _missing_adjusted_budget(report: Report, source: Random, _: list[str]) -> Planted:
    report.has_adjusted = False
    true = report.money.adjusted["total"]
    return Planted("missing_adjusted_budget", "budget.adjusted.total", None, str(true))


def _over_130(report: Report, source: Random, _: list[str]) -> Planted | None:
    """Far above the target and not a word about it; the figures themselves are true."""
    row = _countable(report)
    if row is None or row.target < 2:
        return None
    row.actual = rounded(row.target * source.randint(150, 240) / 100, row.decimals)
    row.stated_rate = completion(row, report.voice.rate_decimals)
    return Planted("over_130", f"indicator.{row.surface}.actual", str(row.actual), str(row.actual))


def _missed_growth_target(report: Report, source: Random, _: list[str]) -> Planted:
    row = next((row for row in report.indicators if row.style == "growth"), None)
    if row is None:
        row = Indicator("", "服务业营业收入", "%", "growth", 1, Decimal("5.0"), Decimal("5.0"))
        report.indicators.append(row)
    row.actual = -Decimal(source.randint(8, 64)) / 10
    return Planted("missed_growth_target", f"indicator.{row.surface}.actual", str(row.actual), str(row.actual))


def _unit_slip(report: Report, source: Random, _: list[str]) -> Planted:
    """One amount counted in 万元 carries the unit 元."""
    category = report.money.parts[-1]
    true = report.money.spent[category]
    report.slipped_category = category
    report.voice.money_style = "wan"
    return Planted("unit_slip", f"expenditure.{category}", str(true / 10000), str(true))


def _copy_paste(report: Report, source: Random, other_places: list[str]) -> Planted | None:
    names = [name for name in other_places if name != report.department.division.short_name]
    if not names:
        return None
    report.duty_division = source.choice(names)
    true = report.department.division.short_name
    return Planted("copy_paste", "duty.division_name", report.duty_division, true)


def _missing_problems_section(report: Report, source: Random, _: list[str]) -> Planted:
    report.has_problems = False
    return Planted("missing_problems_section", "problems", None, None)


def _countable(report: Report) -> Indicator | None:
    rows = (row for row in report.indicators if row.is_countable and row.target_low is None)
    return next(rows, None)


def _other_timing(report: Report, timing: str, low: int, high: int) -> Planted | None:
    row = _countable(report)
    if row is None or row.target < 10:
        return None
    true = row.actual
    middle = Decimal(low + high) / 200
    row.timing, row.stated_rate, row.growth = timing, None, None
    row.actual = rounded(true * middle, row.decimals)
    kind = "partial_period" if timing == "partial" else "forecast_as_actual"
    return Planted(kind, f"indicator.{row.surface}.actual", str(row.actual), str(true))


FAULTS: dict[str, Fault] = {
    "sum_mismatch": _sum_mismatch,
    "completion_rate_wrong": _completion_rate_wrong,
    "execution_rate_wrong": _execution_rate_wrong,
    "target_drift": _target_drift,
    "grade_without_score": _grade_without_score,
    "partial_period": _partial_period,
    "score_grade_mismatch": _score_grade_mismatch,
    "forecast_as_actual": _forecast_as_actual,
    "missing_adjusted_budget": _missing_adjusted_budget,
    "over_130": _over_130,
    "missed_growth_target": _missed_growth_target,
    "unit_slip": _unit_slip,
    "copy_paste": _copy_paste,
    "missing_problems_section": _missing_problems_section,
}
FORM_KINDS = {"sum_mismatch", "execution_rate_wrong", "score_grade_mismatch", "over_130"}
