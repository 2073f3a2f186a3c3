"""One recomputed identity between figures of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.checking.interval import Interval, decimal_of
from ingest.reading.claims import Claim


@dataclass(frozen=True)
class Identity:
    """The claims that take part (the one that is recomputed first), whether it holds, what is stated, what comes out.

    `stated` and `recomputed` are in the base unit of the first claim (yuan, a ratio, a count).
    """

    kind: str
    claims: tuple[Claim, ...]
    holds: bool
    stated: Decimal
    recomputed: Decimal


def identity_of(kind: str, taking_part: Sequence[Claim], left: Interval, right: Interval) -> Identity:
    """The identity "left = right"; it holds when the two intervals meet, so that rounding is never an error."""
    return Identity(kind, tuple(taking_part), left.meets(right), decimal_of(left.value), decimal_of(right.value))
