"""B18: a count and the list behind it agree (内设十个股室, ten of them listed)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, quantity


def check(case: Case) -> Iterator[Result]:
    """Fails once for each count behind which another number of items is listed."""
    failures = (
        Result("fail", one.claims, quantity(one.claims[0]), f"{one.formula}项", {"name": named(one.claims[0])})
        for one in case.observed("count", "fails")
    )
    yield from judged(failures, applies=case.observed("count"))
