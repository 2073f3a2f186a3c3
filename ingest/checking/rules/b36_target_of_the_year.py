"""B36: the targets that a report declares are those of the year under report."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcomes import named
from ingest.checking.soft.targets import declared_targets


def check(case: Case) -> Iterator[Result]:
    """Fails once with the declared targets that their own words date earlier."""
    year, declared = case.submission.fiscal_year, declared_targets(case)
    earlier = [claim for claim in declared if claim.period_end and claim.period_end.year < year]
    failures = (
        Result("fail", (claim,), f"{year}年", f"{claim.period_end.year}年", {"name": named(claim)})
        for claim in earlier
        if claim.period_end
    )
    yield from judged(failures, applies=declared)
