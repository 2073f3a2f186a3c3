"""E30: the points that sentences say were taken off an item are not more than it lost."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import WHOLE, deductions, in_points, items_in_sentences, own_totals
from ingest.reading.claims import Claim

Lost = tuple[Claim, Decimal, list[Claim]]


def check(case: Case) -> Iterator[Result]:
    """Fails once for each section with one item, or the total score, and more deductions than it lost."""
    lost = [one for one in (*_of_items(case), *_of_totals(case)) if one[2]]
    yield from judged((_failure(*one) for one in lost if _sum(one[2]) > one[1]), lost)


def _of_items(case: Case) -> Iterator[Lost]:
    items = items_in_sentences(case)
    for row in items:
        item, alone = row.points("item"), [other.path for other in items].count(row.path) == 1
        if item is not None and alone:
            yield item, row.given("full") - row.given("item"), _in_section(case, row.path)


def _of_totals(case: Case) -> Iterator[Lost]:
    scored = {row.path for row in items_in_sentences(case)}
    for total in own_totals(case)[:1]:
        if total.section_path not in scored and total.value is not None:
            yield total, WHOLE - total.value, _in_section(case, total.section_path)


def _in_section(case: Case, path: str) -> list[Claim]:
    """The deductions of a section, one that is told twice once."""
    told = [claim for claim in deductions(case) if claim.section_path == path]
    return list({(claim.surface, claim.value): claim for claim in told}.values())


def _sum(claims: list[Claim]) -> Decimal:
    return sum((-claim.value for claim in claims if claim.value is not None), Decimal(0))


def _failure(scored: Claim, lost: Decimal, claims: list[Claim]) -> Result:
    return Result("fail", (scored, *claims[:5]), f"≤{in_points(lost)}", in_points(_sum(claims)))
