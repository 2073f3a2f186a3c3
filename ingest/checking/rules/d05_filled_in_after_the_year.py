"""D05: a self-evaluation is filled in when its year is over."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.wording import dates_of_filling, day


def check(case: Case) -> Iterator[Result]:
    """Fails when the date of filling in lies in the fiscal year or before it."""
    filled, year = case.submission.filled_on, case.submission.fiscal_year
    if filled is None:
        yield NOT_APPLICABLE
    elif filled.year > year:
        yield PASS
    else:
        yield Result("fail", expected=f"{year + 1}年1月1日以后", found=day(filled), passages=dates_of_filling(case))
