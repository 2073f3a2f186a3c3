"""Wholes of a department's money with the parts stated beside them, other than those of the whole budget (A01)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.checking.case import Case, Result, ten_thousand_yuan
from ingest.checking.interval import decimal_of, stated
from ingest.checking.money_identities import total_of
from ingest.checking.own_money import MEASURES, amount, same_year, written
from ingest.reading.claims import ORIGIN_FORM, Claim

Sum = tuple[Claim, list[Claim]]


def sums_of(case: Case, category: str, parts: Sequence[str]) -> list[Sum]:
    """The whole of each measure with its parts, where all of them stand beside it.

    One that is stated in pieces (公务用车购置费, 运行维护费) takes part with all of them where that makes the whole.
    """
    found = []
    for measure in MEASURES:
        whole = amount(case, measure, category)
        beside = parts_beside(case, whole, parts) if whole is not None else []
        found_first: dict[str | None, Claim] = {}
        for claim in beside:
            found_first.setdefault(claim.subject, claim)
        firsts = list(found_first.values())
        if whole is not None and len(firsts) == len(parts):
            found.append((whole, beside if stated(whole).meets(total_of(beside)) else firsts))
    return found


def parts_beside(case: Case, whole: Claim, categories: Sequence[str]) -> list[Claim]:
    """The amounts of these categories, of the measure and year of a whole, under its heading or in a form like it."""
    return [
        claim
        for claim in case.of_kind(whole.kind, whole.role)
        if claim.subject in categories
        and claim.operator == "="
        and same_year(claim, whole)
        and claim.origin == whole.origin
        and (claim.origin == ORIGIN_FORM or claim.section_path == whole.section_path)
    ]


def failures_of(sums: Sequence[Sum]) -> Iterator[Result]:
    """A failure for each whole that is not the sum of its parts, rounding aside."""
    for whole, parts in sums:
        added = total_of(parts)
        if not stated(whole).meets(added):
            yield Result("fail", (whole, *parts), ten_thousand_yuan(decimal_of(added.value)), written(whole))
