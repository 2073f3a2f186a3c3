"""B24: an outcome is one of the year under report, not of a year before it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, year_before_name


def check(case: Case) -> Iterator[Result]:
    """Fails once for each indicator that has only an outcome which its own words date earlier."""
    year = case.submission.fiscal_year
    actuals = [claim for claim in case.of_kind("indicator", "actual") if claim.subject]
    observed = [one.claims[0] for one in case.observed("period", "period_mismatch")]
    dated = ((claim, year_before_name(claim)) for claim in observed)
    failures = (
        Result("fail", (claim,), f"{year}年", f"{told}年", {"name": named(claim)})
        for claim, told in dated
        if told and int(told) < year
    )
    yield from judged(failures, applies=actuals)
