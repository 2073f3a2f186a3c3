"""B05: a report written after the year's end states what was reached, not what is expected (预计)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, plain


def check(case: Case) -> Iterator[Result]:
    """Fails once for each forecast of an indicator that has a target; not applicable before the year's end."""
    filled = case.submission.filled_on
    if filled is not None and filled.year <= case.submission.fiscal_year:
        yield NOT_APPLICABLE
        return
    targets = {claim.subject for claim in case.of_kind("indicator", "target") if claim.subject}
    forecasts = [claim for claim in case.of_kind("indicator", "forecast") if claim.subject in targets]
    for claim in forecasts:
        yield Result("fail", (claim,), expected="实际完成数", found=f"预计{plain(claim.value)}{claim.unit}")
    if not forecasts:
        yield PASS if targets else NOT_APPLICABLE
