"""E21: the reviewed score lies near the self score."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, Result, judged, plain
from ingest.checking.scoring import FORM, forms_of, in_points, says
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each form, and for the text, whose two totals are further apart than the parameter allows."""
    most = case.parameters["review.gap_most"]
    pairs = [*_of_forms(case), *_of_the_text(case)]
    yield from judged(
        (
            Result("fail", (own, reviewed), plain(most), f"{in_points(own.value)}、{in_points(reviewed.value)}")
            for own, reviewed in pairs
            if abs((own.value or Decimal(0)) - (reviewed.value or Decimal(0))) > most
        ),
        applies=pairs,
    )


def _of_forms(case: Case) -> Iterator[tuple[Claim, Claim]]:
    for form in forms_of(case):
        if "self" in form.totals and "reviewed" in form.totals:
            yield form.totals["self"], form.totals["reviewed"]


def _of_the_text(case: Case) -> Iterator[tuple[Claim, Claim]]:
    """The last total and the last reviewed score that sentences give, none of an earlier year or a project."""
    told = [c for c in case.of_kind("score") if not c.rule_ids[0].startswith(FORM) and c.value is not None]
    own = [c for c in told if c.role == "self" and not says("earlier", c.sentence)]
    reviewed = [c for c in told if c.role == "reviewed" and not says("earlier", c.sentence)]
    if own and reviewed:
        yield own[-1], reviewed[-1]
