"""A27: a change is the difference of the two amounts beside it, and its rate that over the earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ingest.checking.case import Case, Result, judged, percent, ten_thousand_yuan
from ingest.checking.comparisons import comparisons_of
from ingest.checking.interval import Interval, around, decimal_of, stated, stated_rate
from ingest.reading.claims import Claim

NOTHING = around(Fraction(0), Fraction(0))


def check(case: Case) -> Iterator[Result]:
    """Fails once for each change or rate of change whose size does not follow; its direction is A26's matter."""
    comparisons = comparisons_of(case)
    failures = (
        _failure(now, before, change)
        for now, before, change in comparisons
        if not _size(_said(change)).meets(_size(_moved(now, before, change)))
    )
    yield from judged(failures, comparisons)


def _said(change: Claim) -> Interval:
    return stated(change) if change.kind == "change" else stated_rate(change)


def _moved(now: Claim, before: Claim, change: Claim) -> Interval:
    moved = stated(now) - stated(before)
    return moved if change.kind == "change" else moved / stated(before)


def _size(moved: Interval) -> Interval:
    return moved if moved.value >= 0 else NOTHING - moved


def _failure(now: Claim, before: Claim, change: Claim) -> Result:
    show = ten_thousand_yuan if change.kind == "change" else percent
    right = abs(decimal_of(_moved(now, before, change).value))
    return Result("fail", (change, now, before), show(right), show(abs(decimal_of(_said(change).value))))
