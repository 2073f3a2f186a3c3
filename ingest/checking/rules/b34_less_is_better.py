"""B34: the target of an indicator of which less is better (失业率, 事故起数) is no lower bound."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, names_something_else, quantity
from ingest.checking.outcomes import AT_LEAST, REVERSE


def check(case: Case) -> Iterator[Result]:
    """Fails once for each target with ≥ of an indicator that the catalogue calls reverse."""
    limits = [
        claim
        for claim in case.of_kind("indicator", "target")
        if case.directions.get(claim.subject or "") == REVERSE and not names_something_else(claim)
    ]
    failures = (
        Result("fail", (claim,), f"≤{quantity(claim)[1:]}", quantity(claim), {"name": named(claim)})
        for claim in limits
        if claim.operator in AT_LEAST and claim.value is not None
    )
    yield from judged(failures, applies=limits)
