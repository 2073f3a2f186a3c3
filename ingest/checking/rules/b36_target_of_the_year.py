"""B36: the targets that a report declares are those of the year under report."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named
from ingest.checking.soft.targets import declared_targets
from ingest.reading.names import core_of


def check(case: Case) -> Iterator[Result]:
    """Fails once for each declared target that its own words date earlier and that has none of the year beside it."""
    year, declared = case.submission.fiscal_year, declared_targets(case)
    current = {core_of(claim.surface) for claim in declared if not claim.period_end or claim.period_end.year >= year}
    earlier = [claim for claim in declared if core_of(claim.surface) not in current]
    failures = (
        Result("fail", (claim,), f"{year}年", f"{claim.period_end.year}年", {"name": named(claim)})
        for claim in earlier
        if claim.period_end
    )
    yield from judged(failures, applies=declared)
