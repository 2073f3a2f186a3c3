"""A05: expenditure does not exceed the adjusted budget. A gross excess is usually a slip of unit (元 for 万元)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, ten_thousand_yuan
from ingest.checking.identities import amounts
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each category whose expenditure is above its adjusted budget, rounding aside."""
    pairs = _pairs(case)
    yield from judged(
        (
            Result("fail", (spent, adjusted), "≤ " + ten_thousand_yuan(limit), ten_thousand_yuan(amount))
            for spent, adjusted in pairs
            if (amount := spent.value_base) is not None
            and (limit := adjusted.value_base) is not None
            and amount > limit + spent.step
        ),
        applies=pairs,
    )


def _pairs(case: Case) -> list[tuple[Claim, Claim]]:
    """Expenditure with its adjusted budget by category: a pair that a proven rate ties together comes first."""
    spent, adjusted = amounts(case.claims, "expenditure", "actual"), amounts(case.claims, "budget", "adjusted")
    first = {category: (spent[category], adjusted[category]) for category in sorted(set(spent) & set(adjusted))}
    rates = [identity.claims for identity in case.identities_of_kind("execution_rate") if identity.holds]
    proven = {rate.subject or "": (spent, adjusted) for rate, spent, adjusted in rates}
    return list((first | proven).values())
