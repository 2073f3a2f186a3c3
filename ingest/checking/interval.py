"""Stated figures as intervals of exact fractions: rounding hides half a unit of the last place, 约 ten per cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ingest.reading.claims import Claim

HALF = Fraction(1, 2)
ABOUT = Fraction(1, 10)
COUNTED = ("count", "person")


@dataclass(frozen=True)
class Interval:
    """A closed interval; `value` is what is stated, or what comes out when every figure is taken as it is stated."""

    low: Fraction
    high: Fraction
    value: Fraction

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high, self.value + other.value)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low, self.value - other.value)

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor may be zero")
        ends = [self.low / other.low, self.low / other.high, self.high / other.low, self.high / other.high]
        return Interval(min(ends), max(ends), self.value / other.value)

    def meets(self, other: Interval) -> bool:
        """Whether the two can be the same figure."""
        return self.low <= other.high and other.low <= self.high


def around(value: Fraction, reach: Fraction) -> Interval:
    """The interval that reaches as far below the value as above it."""
    return Interval(value - reach, value + reach, value)


ONE = around(Fraction(1), Fraction(0))


def stated(claim: Claim) -> Interval:
    """The interval of a claim's value in its base unit. A count is exact; an amount or a rate is rounded."""
    value, step = Fraction(claim.value_base or 0), Fraction(claim.step)
    if claim.operator == "~":
        return around(value, max(abs(value) * ABOUT, step * HALF))
    if claim.unit_family in COUNTED and claim.decimals == 0:
        return around(value, Fraction(0))
    return around(value, step * HALF)


def stated_rate(claim: Claim) -> Interval:
    """A rate may have been cut instead of rounded: a whole unit of the last decimal either way."""
    return around(Fraction(claim.value_base or 0), Fraction(claim.step))


def decimal_of(fraction: Fraction) -> Decimal:
    """A fraction as a decimal of 28 digits: exact where the fraction ends."""
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)
