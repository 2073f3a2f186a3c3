"""Puts targets and outcomes into words."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from samples.model import Indicator, Report
from samples.wording_data import phrases

NUMERALS = "一二三四五六七八九十"


def goals(report: Report, source: Random, facts: dict[str, Any]) -> list[str]:
    """The goals section: an opening, then the targets in this report's family of wording."""
    words = phrases()
    family = words["targets"][report.voice.target]
    opening = source.choice(words["goals_opening"]).format(**facts)
    items = [_target(row, family) for row in report.indicators]
    if "frame" in family:
        return [opening, *_framed(report, family, items, facts), words["target_closing"]]
    if family["join"] == "lines":
        return [opening, *(f"{n}.{item}。" for n, item in enumerate(items, 1)), words["target_closing"]]
    if family["count_words"]:
        items = [f"{NUMERALS[n]}是{item}" for n, item in enumerate(items)]
    return [opening, family["join"].join(items) + "。", words["target_closing"]]


def outcomes(report: Report, source: Random, facts: dict[str, Any]) -> list[str]:
    """The results section: every indicator once, its target said again beside it."""
    words = phrases()
    family = words["outcomes"][report.voice.outcome]
    opening = source.choice(words["results_opening"])
    if family.get("restates"):
        return [opening, *_restated(report, family, facts)]
    lines = [opening]
    for number, row in enumerate(report.indicators, 1):
        said = _outcome(row, family, facts)
        lines += [f"({number}) {row.surface}", said] if family["join"] == "topics" else [f"({number}){said}"]
    return lines


def quantity(row: Indicator, value: Decimal) -> str:
    """A value of the indicator with its unit, as many decimals as the indicator has."""
    return f"{value:.{row.decimals}f}{row.unit}"


def target_words(row: Indicator, value: Decimal | None = None) -> str:
    """The target with its unit; a range shows both ends."""
    said = quantity(row, row.target if value is None else value)
    return said if row.target_low is None else f"{row.target_low:.{row.decimals}f}~{said}"


def operator_of(report: Report, row: Indicator) -> str:
    """The operator that the goals section gives to the target of this indicator."""
    if row.style == "reverse":
        return "<="
    if row.style == "rate":
        return ">="
    if row.style == "growth":
        return "="
    family = phrases()["targets"][report.voice.target]
    if row.target_low is not None:
        return "range"
    return str(family["operator"])


def _target(row: Indicator, family: dict[str, Any]) -> str:
    forms = phrases()["target_forms"]
    value = target_words(row, row.first_target)
    if row.style in forms:
        return str(forms[row.style]).format(surface=row.surface, value=value)
    if row.target_low is not None:
        return str(forms["range"]).format(surface=row.surface, value=value)
    return str(family["item"]).format(surface=row.surface, value=value)


def _framed(report: Report, family: dict[str, Any], items: list[str], facts: dict[str, Any]) -> list[str]:
    """Countable targets inside one sentence of assignment, the others in a sentence of their own."""
    pairs = list(zip(report.indicators, items, strict=True))
    inside = [item for row, item in pairs if row.is_countable]
    outside = [item for row, item in pairs if not row.is_countable]
    lines = [family["frame"].format(items=family["join"].join(inside), **facts)] if inside else []
    return lines + (["，".join(outside) + "。"] if outside else [])


def _restated(report: Report, family: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    words = phrases()
    plain = [row for row in report.indicators if row.is_countable and row.timing == "full"]
    others = [row for row in report.indicators if row not in plain]
    lines = []
    if plain:
        targets = "、".join(f"{row.surface}{target_words(row)}" for row in plain)
        done = "、".join(_done(row, family) for row in plain)
        lines = [words["restatement"].format(items=targets, **facts), family["frame"].format(items=done, **facts)]
    return lines + [_outcome(row, words["outcomes"]["compare"], facts) for row in others]


def _done(row: Indicator, family: dict[str, Any]) -> str:
    actual = quantity(row, row.actual)
    if row.stated_rate is None:
        return str(family["bare"]).format(surface=row.surface, actual=actual)
    return str(family["item"]).format(surface=row.surface, actual=actual, rate=f"{row.stated_rate}%")


def _outcome(row: Indicator, family: dict[str, Any], facts: dict[str, Any]) -> str:
    forms = phrases()["outcome_forms"]
    target, actual = target_words(row), quantity(row, abs(row.actual))
    said = {"surface": row.surface, "target": target, "actual": actual, **facts}
    if row.timing != "full":
        return str(forms[row.timing]).format(**said)
    if row.style in forms:
        return str(forms[row.style]).format(word="增长" if row.actual >= 0 else "下降", **said)
    if row.stated_rate is None:
        return str(family["bare"]).format(trend=_trend(row), **said)
    return str(family["item"]).format(trend=_trend(row), rate=f"{row.stated_rate}%", **said)


def _trend(row: Indicator) -> str:
    if row.growth is None:
        return ""
    forms = phrases()["trend"]
    return str(forms["up" if row.growth > 0 else "down"]).format(value=f"{abs(row.growth)}%")
