"""B22: satisfaction, coverage and rates of passing are no more than 100 %."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, quantity, says


def check(case: Case) -> Iterator[Result]:
    """Fails once for each share above all of its whole; a minus may be a dash."""
    shares = [
        claim
        for claim in case.of_kind("indicator")
        if claim.unit_family == "ratio"
        and says("share_of_a_whole", claim.surface)
        and not says("no_share_of_a_whole", claim.surface + claim.quote)
    ]
    failures = (
        Result("fail", (claim,), expected="不超过100%", found=quantity(claim), words={"name": named(claim)})
        for claim in shares
        if claim.value_base is not None and claim.value_base > 1
    )
    yield from judged(failures, applies=shares)
