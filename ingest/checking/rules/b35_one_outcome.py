"""B35: one indicator has one outcome for the year, wherever the report tells it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.interval import stated
from ingest.checking.outcome_words import named, quantity
from ingest.checking.restated import outcomes_told_twice


def check(case: Case) -> Iterator[Result]:
    """Fails once for each indicator whose outcome for the year is another one in another chapter."""
    told = outcomes_told_twice(case)
    failures = (
        Result("fail", (first, second), quantity(first), quantity(second), {"name": named(first)})
        for first, second in told
        if not stated(first).meets(stated(second))
    )
    yield from judged(failures, applies=told)
