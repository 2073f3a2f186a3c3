"""Figures that newer reports state otherwise, in words: what the figure is, and its value before and now."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from publish import format, labels
from publish.data import Edition, Row

YUAN, RATIO = "元", "ratio"


def named(edition: Edition, row: Mapping[str, Any]) -> str:
    """What a restated figure is: 年初预算（合计）, 目标值（实际利用外资）."""
    fact, key = row["fact"], row["fact_key"]
    if fact == "budget":
        stage, _, category = key.partition("|")
        return f"{labels.zh('stage', stage)}（{edition.category_name(category)}）"
    if fact in ("expenditure", "execution_rate"):
        return f"{labels.zh('fact', fact)}（{edition.category_name(key)}）"
    word = labels.zh("fact", fact)
    return f"{word}（{edition.indicator_name(key)}）" if key else word


def ends(row: Mapping[str, Any]) -> tuple[str, str]:
    """The figure before and now, as people read it; what a version does not state is 未提供."""
    return _worded(row, "before"), _worded(row, "after")


def _worded(row: Mapping[str, Any], end: str) -> str:
    stated = row.get(f"value_{end}")
    operator, _, rest = (row.get(f"words_{end}") or "").partition(" ")
    if not labels.known("operator", operator):
        operator, rest = "", row.get(f"words_{end}") or ""
    value = "" if stated is None else _valued(Decimal(str(stated)), row.get(f"unit_{end}"))
    said = " ".join(part for part in (labels.zh("operator", operator) if operator else "", value, rest) if part)
    return said or format.null("missing")


def _valued(value: Decimal, unit: str | None) -> str:
    if unit == YUAN:
        return f"{format.wan(value)} 万元"
    if unit == RATIO:
        return format.percent(value)
    return format.with_unit(value, unit)


def told(edition: Edition, row: Row) -> Row:
    """A restated figure with its words, for a page."""
    before, now = ends(row)
    return row | {"what": named(edition, row), "before": before, "now": now}
