"""B04: an actual of part of the year is not compared with a target for the whole year."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcomes import is_of_the_year
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each indicator with a target for the year and no actual but such that end before the year does."""
    targets = {claim.subject for claim in case.of_kind("indicator", "target") if claim.subject}
    actuals = [claim for claim in case.of_kind("indicator", "actual") if claim.subject in targets]
    whole = {claim.subject for claim in actuals if is_of_the_year(claim, case)}
    partial = [claim for claim in actuals if claim.subject not in whole and _ends_early(claim, case)]
    failures = (Result("fail", (claim,), expected="1-12月", found=_months(claim)) for claim in partial)
    yield from judged(failures, applies=actuals)


def _ends_early(claim: Claim, case: Case) -> bool:
    end = claim.period_end
    return end is not None and end.year == case.submission.fiscal_year and end.month < 12


def _months(claim: Claim) -> str:
    first = claim.period_start.month if claim.period_start else 1
    last = claim.period_end.month if claim.period_end else 12
    return f"{first}-{last}月"
