"""B13: an outcome lies within the range that its target is (1-2场, 15~20宗)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.explanations import is_explained
from ingest.checking.interval import stated
from ingest.checking.outcome_words import named, quantity
from ingest.checking.outcomes import is_reverse, ranged
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each outcome outside the range of its target of which nothing is said."""
    pairs = ranged(case)
    failures = (
        Result("fail", (actual, target), quantity(target), quantity(actual), {"name": named(target)})
        for target, actual in pairs
        if _is_outside(actual, target, case) and not is_explained((actual, target), case)
    )
    yield from judged(failures, applies=pairs)


def _is_outside(actual: Claim, target: Claim, case: Case) -> bool:
    """Whether less was reached, or more: where more is better, so much more as any target asks a reason for."""
    low, high = target.value_base, target.value_high_base
    if low is None or high is None:
        return False
    reverse = is_reverse(target, case)
    most = high if reverse else high * case.parameters["completion.most"]
    return stated(actual).low > most or (not reverse and stated(actual).high < low)
