"""B04: an actual of part of the year is not compared with a target for the whole year."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result


def check(case: Case) -> Iterator[Result]:
    """Fails once for each actual that ends before the year does while its indicator has a target for the year."""
    targets = {claim.subject for claim in case.of_kind("indicator", "target") if claim.subject}
    actuals = [claim for claim in case.of_kind("indicator", "actual") if claim.subject in targets]
    failed = False
    for claim in actuals:
        year = case.submission.fiscal_year
        if claim.period_end and claim.period_start and claim.period_end.year == year and claim.period_end.month < 12:
            failed = True
            months = f"{claim.period_start.month}-{claim.period_end.month}月"
            yield Result("fail", (claim,), expected="1-12月", found=months)
    if not failed:
        yield PASS if actuals else NOT_APPLICABLE
