"""B16: a growth is the figure over the prior year's that stands in the same sentence."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.interval import ONE, decimal_of, stated, stated_rate
from ingest.checking.outcome_words import named, quantity
from ingest.checking.outcomes import EXACT, figures_of_prior_year


def check(case: Case) -> Iterator[Result]:
    """Fails once for each growth that the two figures beside it do not make."""
    found = list(figures_of_prior_year(case))
    failures = []
    for growth, figure, prior in found:
        meant = stated(figure) / stated(prior) - ONE
        if growth.operator in EXACT and not stated_rate(growth).meets(meant):
            words = {"name": named(figure), "figure": quantity(figure), "prior": quantity(prior)}
            expected = percent(decimal_of(meant.value))
            failures.append(
                Result("fail", (growth, figure, prior), expected, percent(growth.value_base or Decimal(0)), words)
            )
    yield from judged(failures, applies=found)
