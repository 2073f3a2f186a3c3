"""Exact arithmetic of the method: decimals, rounded half away from zero where the method says so."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

# Places of measures, of shares on their way to a score, and of scores.
MEASURE, SHARE, SCORE = 12, 16, 8
# Wide enough for any sum or product of the method; only `rounded` rounds.
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
Curve = Sequence[tuple[Decimal, Decimal]]


def rounded(value: Decimal, places: int) -> Decimal:
    """The value at so many decimal places, half away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), context=EXACT)


def quotient(numerator: Decimal | int, divisor: Decimal | int, places: int) -> Decimal | None:
    """A quotient at so many decimal places; None by zero."""
    if not divisor:
        return None
    return rounded(EXACT.divide(Decimal(numerator), Decimal(divisor)), places)


def total(values: Sequence[Decimal]) -> Decimal:
    """The exact sum."""
    added = Decimal(0)
    for value in values:
        added = EXACT.add(added, value)
    return added


def on_curve(curve: Curve, measure: Decimal) -> Decimal:
    """The share of a measure on a method's curve: straight lines between its points, level before and after them."""
    (before, share) = curve[0]
    for after, next_share in curve[1:]:
        if measure < after:
            rise = EXACT.multiply(next_share - share, max(measure - before, Decimal(0)))
            return rounded(share + rounded(EXACT.divide(rise, after - before), SHARE), SHARE)
        before, share = after, next_share
    return rounded(share, SHARE)
