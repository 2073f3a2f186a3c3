"""Figures that newer reports state otherwise, in words: what the figure is, and its value before and now."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from publish import format, labels
from publish.data import Edition
from publish.language import ZH, Language

YUAN, RATIO = "元", "ratio"


def named(edition: Edition, row: Mapping[str, Any], language: Language = ZH) -> str:
    """What a restated figure is: 年初预算（合计）, 目标值（实际利用外资）."""
    fact, key = row["fact"], row["fact_key"]
    if fact == "budget":
        stage, _, category = key.partition("|")
        return _of(language.word("stage", stage), edition.category_name(category, language), language)
    word = language.word("fact", fact)
    if fact in ("expenditure", "execution_rate"):
        return _of(word, edition.category_name(key, language), language)
    return _of(word, edition.indicator_name(key, language), language) if key else word


def _of(figure: str, thing: str, language: Language) -> str:
    return language.text("%(figure)s（%(thing)s）", figure=figure, thing=thing)


def stated(row: Mapping[str, Any], end: str, language: Language = ZH) -> str:
    """The figure at one end, `before` or `after`, as people read it; what a version does not state is 未提供."""
    value = row.get(f"value_{end}")
    operator, _, rest = (row.get(f"words_{end}") or "").partition(" ")
    if not labels.known("operator", operator):
        operator, rest = "", row.get(f"words_{end}") or ""
    shown = "" if value is None else _valued(Decimal(str(value)), row.get(f"unit_{end}"), language)
    said = " ".join(part for part in (language.word("operator", operator) if operator else "", shown, rest) if part)
    return said or format.null("missing", language)


def _valued(value: Decimal, unit: str | None, language: Language) -> str:
    if unit == YUAN:
        return language.text("%(amount)s 万元", amount=format.wan(value, language=language))
    if unit == RATIO:
        return format.percent(value, language=language)
    return format.with_unit(value, unit, language)


def told(edition: Edition, row: Mapping[str, Any], language: Language = ZH) -> tuple[str, str, str]:
    """A restated figure in words: what it is, and its value before and now."""
    return named(edition, row, language), stated(row, "before", language), stated(row, "after", language)
