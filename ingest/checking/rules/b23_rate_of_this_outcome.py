"""B23: a wrong completion rate that fits another whole number was left over when the outcome was brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ingest.checking.case import Case, Result, judged
from ingest.checking.identity import Identity
from ingest.checking.observation import in_unit_of
from ingest.checking.outcome_words import quantity

HALF = Fraction(1, 2)


def check(case: Case) -> Iterator[Result]:
    """Fails once for each wrong rate from which an earlier outcome can be told."""
    rates = case.identities_of_kind("completion_rate")
    earlier = ((identity, _earlier_outcome(identity, case)) for identity in rates if not identity.holds)
    failures = (
        Result("fail", identity.claims, quantity(identity.claims[1]), f"{whole}{identity.claims[1].unit}")
        for identity, whole in earlier
        if whole is not None
    )
    yield from judged(failures, applies=rates)


def _earlier_outcome(identity: Identity, case: Case) -> int | None:
    """The whole number that the rate makes of the target, where the rate is exact enough to single it out."""
    rate, _, target = identity.claims
    base = Fraction(target.value_base or 0)
    reach = in_unit_of(target, base * Fraction(rate.step) * HALF)
    product = in_unit_of(target, base * Fraction(rate.value_base or 0))
    whole = round(product)
    exact = reach <= Fraction(case.parameters["completion.leftover_reach"])
    return whole if exact and target.decimals == 0 and whole > 0 and abs(whole - product) <= reach else None
