"""B12: a limit (事故起数, 失业率, 不超过…) that was exceeded is spoken of."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.explanations import is_explained
from ingest.checking.outcome_words import named, quantity
from ingest.checking.outcomes import measured


def check(case: Case) -> Iterator[Result]:
    """Fails once for each exceeded limit of which nothing is said."""
    pairs = [one for one in measured(case) if one.is_reverse]
    failures = (
        Result(
            "fail", (one.actual, one.target), quantity(one.target), quantity(one.actual), {"name": named(one.target)}
        )
        for one in pairs
        if one.goes_beyond and not is_explained((one.actual, one.target), case)
    )
    yield from judged(failures, applies=pairs)
