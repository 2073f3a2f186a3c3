"""A10: an amount is in the unit it is meant in: 元, 万元 and 亿元 are not taken for each other."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, ten_thousand_yuan
from ingest.checking.own_money import written
from ingest.checking.unit_slips import comparable, slips_of


def check(case: Case) -> Iterator[Result]:
    """Fails once for each amount that fits the others only when it is taken in another unit."""
    failures = (
        Result("fail", slip.claims, ten_thousand_yuan(slip.right), written(slip.claim)) for slip in slips_of(case)
    )
    yield from judged(failures, comparable(case))
