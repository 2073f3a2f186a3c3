"""A26: an amount that is said to have risen is above the earlier one beside it, and one that fell below."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.comparisons import comparisons_of
from ingest.checking.own_money import above, written


def check(case: Case) -> Iterator[Result]:
    """Fails once for each change whose word says the contrary of the two amounts."""
    comparisons = comparisons_of(case)
    failures = (
        Result("fail", (change, now, before), "减少" if rose else "增加", "增加" if rose else "减少", words)
        for now, before, change in comparisons
        for rose in [(change.value_base or 0) > 0]
        for words in [{"now": written(now), "before": written(before)}]
        if above(*((before, now) if rose else (now, before)))
    )
    yield from judged(failures, comparisons)
