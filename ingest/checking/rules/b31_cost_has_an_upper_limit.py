"""B31: the target of a cost is an upper limit; one with ≥ would reward spending more."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, quantity
from ingest.checking.outcomes import AT_LEAST, is_cost


def check(case: Case) -> Iterator[Result]:
    """Fails once for each amount under 成本指标 that is to be reached at least."""
    costs = [claim for claim in case.of_kind("indicator", "target") if is_cost(claim)]
    failures = (
        Result("fail", (claim,), f"≤{quantity(claim)[1:]}", quantity(claim), {"name": named(claim)})
        for claim in costs
        if claim.operator in AT_LEAST
    )
    yield from judged(failures, applies=costs)
