"""What is true of every file, in plain JSON: figures as they truly are, and what was planted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from samples.model import BadFile, Borrowed, Filing, Indicator, Money, Planted, Report
from samples.tell_indicators import operator_of

TREND_FAMILIES = {"goal_then_done", "compare"}


def truth_of_report(report: Report, is_current: bool) -> dict[str, Any]:
    """One report: who, when, figures in yuan, indicators, score, planted errors."""
    return {
        **_filing(report, is_current),
        **_money(report),
        "indicators": [_indicator(report, row) for row in report.indicators],
        "self_evaluation": _self_evaluation(report),
        "planted": [_planted(row) for row in report.planted],
        "error_kinds": [row.kind for row in report.planted],
    }


def truth_of_borrowed(report: Borrowed, is_current: bool) -> dict[str, Any]:
    """One report in borrowed words: who, when, and every figure that it states, in the words of the corpus."""
    told = [{"kind": row.kind, "role": row.role, "value": str(row.value), "unit": row.unit} for row in report.told]
    return {**_filing(report, is_current), "writes_like": report.department.writes_like, "told": told}


def _filing(filing: Filing, is_current: bool) -> dict[str, Any]:
    """Who filed what and when. `written_by` is the name on the letterhead where a reform has given another since."""
    owed_by = filing.owed_by
    told = {
        "division_key": owed_by.division.key,
        "division_name": owed_by.division.name,
        "department_name": owed_by.name,
        "fiscal_year": filing.fiscal_year,
        "format": filing.format.split("-")[0],
        "encoding": {"txt": "utf-8", "txt-gb18030": "gb18030"}.get(filing.format),
        "filled_on": filing.filled_on,
        "is_late": filing.is_late,
        "version": filing.version,
        "is_current": is_current,
        "expected_outcome": "identified",
        "reason_code": None,
    }
    return told | ({"written_by": filing.department.name} if filing.department != owed_by else {})


def truth_of_bad_file(bad: BadFile) -> dict[str, Any]:
    """A file that must be quarantined, and why."""
    return {"expected_outcome": "quarantined", "reason_code": bad.reason_code, "copy_of": bad.copy_of}


def _money(report: Report) -> dict[str, Any]:
    told, wrong = report.money, {row.place: row.true for row in report.planted}

    def yuan(stage: str, figures: dict[str, Decimal]) -> dict[str, str]:
        places = {name: wrong.get(f"{stage}.{name}") for name in figures}
        true = {name: Decimal(places[name] or value) for name, value in figures.items()}
        return {name: f"{value * 10000:.2f}" for name, value in true.items()}

    adjusted = yuan("budget.adjusted", told.adjusted)
    return {
        "budget": {"initial": yuan("budget.initial", told.initial), "adjusted": adjusted},
        "adjusted_budget_is_stated": report.has_adjusted,
        "expenditure": yuan("expenditure", told.spent),
        "execution_rates_stated": _rates(told) if report.has_adjusted else {},
        "prior_year_expenditure": None if not _tells_prior(report) else f"{_prior(told) * 10000:.2f}",
    }


def _rates(told: Money) -> dict[str, str]:
    return {name: str(rate) for name, rate in told.rates.items()}


def _tells_prior(report: Report) -> bool:
    return report.money.prior_spent is not None and report.format != "xlsx"


def _prior(told: Money) -> Decimal:
    return told.prior_spent if told.prior_spent is not None else Decimal(0)


def _indicator(report: Report, row: Indicator) -> dict[str, Any]:
    is_form = report.format == "xlsx"
    rate = None if is_form or row.stated_rate is None else str(row.stated_rate)
    return {
        "indicator_key": row.key or None,
        "surface": row.surface,
        "unit": row.unit,
        "style": row.style,
        "target_operator": _form_operator(row) if is_form else operator_of(report, row),
        "target": str(row.target),
        "target_low": None if is_form or row.target_low is None else str(row.target_low),
        "first_target": None if is_form or row.first_target is None else str(row.first_target),
        "actual": str(row.actual),
        "actual_is": {"full": "full_year", "partial": "partial_period", "forecast": "forecast"}[row.timing],
        "stated_completion_percent": rate,
        "stated_growth_percent": str(row.growth) if _tells_growth(report, row) else None,
    }


def _form_operator(row: Indicator) -> str:
    return {"reverse": "<=", "growth": "="}.get(row.style, ">=")


def _tells_growth(report: Report, row: Indicator) -> bool:
    tells = report.voice.outcome in TREND_FAMILIES and report.format != "xlsx"
    return tells and row.growth is not None and row.is_countable and row.timing == "full"


def _self_evaluation(report: Report) -> dict[str, Any]:
    return {"score": None if report.score is None else str(report.score), "grade": report.grade}


def _planted(row: Planted) -> dict[str, Any]:
    """The error with its money in yuan."""
    is_money = row.place.startswith(("budget.", "expenditure."))
    stated, true = (_in_yuan(value) if is_money else value for value in (row.stated, row.true))
    return {"kind": row.kind, "place": row.place, "stated": stated, "true": true}


def _in_yuan(value: str | None) -> str | None:
    return None if value is None else f"{Decimal(value) * 10000:.2f}"
