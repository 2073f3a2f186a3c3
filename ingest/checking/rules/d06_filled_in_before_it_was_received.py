"""D06: a report is filled in no later than it is received."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result


def check(case: Case) -> Iterator[Result]:
    """Fails when the date of filling in lies after the day of receipt."""
    filled, received = case.submission.filled_on, case.received_on
    if filled is None or received is None:
        yield NOT_APPLICABLE
    elif filled <= received:
        yield PASS
    else:
        day, last = (f"{one.year}年{one.month}月{one.day}日" for one in (filled, received))
        yield Result("fail", expected=f"不晚于{last}", found=day, words={"received": last})
