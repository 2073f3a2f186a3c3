"""B29: the target of an indicator that is to grow is not far below what the year before had reached."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ingest.checking.case import Case, Result, judged
from ingest.checking.interval import decimal_of, stated
from ingest.checking.observation import in_unit_of
from ingest.checking.outcome_words import named, quantity
from ingest.checking.outcomes import grown_from


def check(case: Case) -> Iterator[Result]:
    """Fails once for each target far below the prior year's value that the outcome and its growth lead back to."""
    found = list(grown_from(case))
    lowest = Fraction(case.parameters["target.far_below_prior"])
    failures = (
        Result(
            "fail",
            (target, actual, growth),
            expected=f"{decimal_of(in_unit_of(target, base)):.{target.decimals}f}{target.unit}",
            found=quantity(target),
            words={"name": named(target)},
        )
        for target, actual, growth, base in found
        if stated(target).high < base.low * lowest
    )
    yield from judged(failures, applies=found)
