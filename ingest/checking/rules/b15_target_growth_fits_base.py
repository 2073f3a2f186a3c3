"""B15: a target and its growth lead back to the same prior year as the outcome and its growth."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, Result, judged, plain
from ingest.checking.observation import Observation
from ingest.checking.outcome_words import named, quantity
from ingest.checking.outcomes import AT_LEAST, is_of_the_year


def check(case: Case) -> Iterator[Result]:
    """Fails once for each target whose growth over the prior year is another one than it says."""
    compared = [one for one in case.observed("base") if _is_comparable(one, case)]
    failures = (
        Result(
            "fail",
            one.claims,
            expected=f"{plain(round(one.recomputed or Decimal(0), 2))}%",
            found=quantity(one.claims[1]),
            words={"name": named(one.claims[0]), "target": quantity(one.claims[0])},
        )
        for one in compared
        if one.verdict == "conflict"
    )
    yield from judged(failures, applies=compared)


def _is_comparable(one: Observation, case: Case) -> bool:
    """Whether all figures are of the year and the target's growth is one of its figure, and not only of a part of it.

    A target that may be higher can grow by more; one whose growth may be higher does so where it is.
    """
    target, growth, *_ = one.claims
    meant, said = one.recomputed or Decimal(0), growth.value or Decimal(0)
    open_above = (target.operator in AT_LEAST and growth.operator not in AT_LEAST and meant < said) or (
        growth.operator in AT_LEAST and target.operator not in AT_LEAST and meant > said
    )
    exact = "~" not in (target.operator, growth.operator)
    return exact and not open_above and all(is_of_the_year(claim, case) for claim in one.claims)
