"""E18: an item that went beyond an upper limit gets no more points than the excess leaves it (domain 4d)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Measured, measured_rows, too_many_points


def check(case: Case) -> Iterator[Result]:
    """Fails once for each item, less of which is better, with more points than its excess leaves of its full marks."""
    rows = [one for one in measured_rows(case) if one.direction == "reverse"]
    yield from judged((too_many_points(one) for one in rows if _is_too_high(one)), rows)


def _is_too_high(one: Measured) -> bool:
    """Full marks beside a missed target are another rule's."""
    return one.is_missed and one.row.given("item") < one.row.given("full") and not one.fits()
