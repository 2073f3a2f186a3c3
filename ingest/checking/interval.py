"""Stated figures as intervals: rounding hides up to half a unit of the last decimal, 约 hides ten per cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.reading.claims import Claim

HALF = Decimal("0.5")
ABOUT = Decimal("0.1")
COUNTED = ("count", "person")


@dataclass(frozen=True)
class Interval:
    """A closed interval of exact decimals."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor may be zero")
        ends = [self.low / other.low, self.low / other.high, self.high / other.low, self.high / other.high]
        return Interval(min(ends), max(ends))

    def meets(self, other: Interval) -> bool:
        """Whether the two can be the same figure."""
        return self.low <= other.high and other.low <= self.high


def stated(claim: Claim) -> Interval:
    """The interval of a claim's value in its base unit. A count is exact; an amount or a rate is rounded."""
    value = claim.value_base or Decimal(0)
    if claim.operator == "~":
        reach = max(abs(value) * ABOUT, claim.step * HALF)
        return Interval(value - reach, value + reach)
    if claim.unit_family in COUNTED and claim.decimals == 0:
        return Interval(value, value)
    return Interval(value - claim.step * HALF, value + claim.step * HALF)


def stated_rate(claim: Claim) -> Interval:
    """A rate may have been cut instead of rounded: a whole unit of the last decimal either way."""
    value = claim.value_base or Decimal(0)
    return Interval(value - claim.step, value + claim.step)
