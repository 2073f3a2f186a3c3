"""B21: satisfaction as an outcome is the figure that a survey gave, not a bound (95%以上)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import quantity, says
from ingest.checking.outcomes import is_of_the_year


def check(case: Case) -> Iterator[Result]:
    """Fails once where all outcomes of satisfaction are bounds."""
    actuals = [claim for claim in case.of_kind("indicator", "actual") if says("satisfaction", claim.surface)]
    actuals = [claim for claim in actuals if claim.value is not None and is_of_the_year(claim, case)]
    bounds = [claim for claim in actuals if claim.operator not in ("=", "~", "range")]
    failures = []
    if bounds and bounds == actuals:
        found = "、".join(quantity(claim) for claim in bounds)
        failures.append(Result("fail", bounds, expected="调查所得的满意度", found=found))
    yield from judged(failures, applies=actuals)
