"""Helpers of the rules about a department's own money: which amounts to compare, and how to show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.checking.case import Case, plain
from ingest.checking.interval import stated
from ingest.checking.pairing import amounts
from ingest.reading.claims import ORIGIN_FORM, Claim

TOTAL = "total"
# The measures of a department's money, in the order in which a report gives them.
INITIAL, ADJUSTED, SPENT = ("budget", "initial"), ("budget", "adjusted"), ("expenditure", "actual")
MEASURES = (INITIAL, ADJUSTED, SPENT)


@cache
def settings() -> Mapping[str, Any]:
    """Categories and patterns of these rules (`own_money.yaml`)."""
    loaded: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("own_money.yaml").read_text(encoding="utf-8"))
    return loaded


def says(name: str, text: str) -> bool:
    """Whether a text has words of one of the patterns."""
    return re.search(settings()["patterns"][name], text) is not None


def amount(case: Case, measure: tuple[str, str], category: str = TOTAL) -> Claim | None:
    """The first amount of a measure for a category."""
    return amounts(case.claims, *measure).get(category)


def budget_of(case: Case, category: str) -> Claim | None:
    """What may be spent on a category: its adjusted budget, else the initial one."""
    return amount(case, ADJUSTED, category) or amount(case, INITIAL, category)


def above(one: Claim, other: Claim) -> bool:
    """Whether a figure is larger than another, rounding aside."""
    return stated(one).low > stated(other).high


def written(claim: Claim) -> str:
    """A figure as it is written, with its unit."""
    return f"{plain(claim.value)}{claim.unit}"


def same_year(one: Claim, other: Claim) -> bool:
    """Whether two figures are of one year, as far as they say."""
    ends = one.period_end, other.period_end
    return ends[0] is None or ends[1] is None or ends[0].year == ends[1].year


def same_chapter(one: Claim, other: Claim) -> bool:
    """Whether two figures stand under one heading of the highest level."""
    return one.section_path.split(" > ")[0] == other.section_path.split(" > ")[0]


def comparable(one: Claim, other: Claim) -> bool:
    """Whether two figures are of one year and stand in one chapter of the narrative, or both in forms."""
    in_forms = one.origin == other.origin == ORIGIN_FORM
    return same_year(one, other) and (in_forms or (one.origin == other.origin and same_chapter(one, other)))


def parts_and_wholes(case: Case) -> Iterator[tuple[Claim, Claim]]:
    """Each amount with that of the nearest category that surely holds it and is stated for the same measure."""
    for measure in MEASURES:
        found = amounts(case.claims, *measure)
        for category, part in found.items():
            if category in settings()["incomes"]:
                continue
            wholes = (found[whole] for whole in holders_of(case, category) if whole in found)
            whole = next(wholes, None)
            if whole is not None and comparable(part, whole):
                yield part, whole


def holders_of(case: Case, category: str) -> Iterator[str]:
    """The categories that surely hold all of a category, the nearest first."""
    seen = category
    while whole := case.parents.get(seen, ""):
        if whole == TOTAL or category not in settings()["paid_from_several"]:
            yield whole
        seen = whole
