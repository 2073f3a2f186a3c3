"""D06: a report is filled in no later than it is received."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.wording import dates_of_filling, day


def check(case: Case) -> Iterator[Result]:
    """Fails when the date of filling in lies after the day of receipt."""
    filled, received = case.submission.filled_on, case.received_on
    if filled is None or received is None:
        yield NOT_APPLICABLE
    elif filled <= received:
        yield PASS
    else:
        words = {"received": day(received)}
        yield Result("fail", (), f"不晚于{day(received)}", day(filled), words, passages=dates_of_filling(case))
