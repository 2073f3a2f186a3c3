"""A15: income and expenditure that were equal change by the same amount from one year to the next."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, plain
from ingest.checking.own_money import says


def check(case: Case) -> Iterator[Result]:
    """Fails when the two changes differ and no balance is told of: then one of them, or one of last year, is wrong."""
    sums = [one for one in case.observed("sum") if one.claims[0].kind == "change"]
    silent = not says("carried", case.text)
    failures = (
        Result("fail", one.claims, f"{plain(one.recomputed)}{unit}", f"{plain(one.stated)}{unit}")
        for one in sums
        for unit in [one.claims[0].unit]
        if one.word == "differs" and silent
    )
    yield from judged(failures, sums)
