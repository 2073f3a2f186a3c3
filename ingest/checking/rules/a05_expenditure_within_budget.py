"""A05: expenditure does not exceed the adjusted budget. A gross excess is usually a slip of unit (元 for 万元)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, ten_thousand_yuan
from ingest.checking.identities import amounts


def check(case: Case) -> Iterator[Result]:
    """Fails once for each category whose expenditure is above its adjusted budget, rounding aside."""
    spent, adjusted = amounts(case.claims, "expenditure", "actual"), amounts(case.claims, "budget", "adjusted")
    both = sorted(set(spent) & set(adjusted))
    failed = False
    for category in both:
        amount, limit = spent[category].value_base, adjusted[category].value_base
        if amount is not None and limit is not None and amount > limit + spent[category].step:
            failed = True
            yield Result(
                "fail",
                (spent[category], adjusted[category]),
                expected="≤ " + ten_thousand_yuan(limit),
                found=ten_thousand_yuan(amount),
            )
    if not failed:
        yield PASS if both else NOT_APPLICABLE
