"""E27: a stated deviation comes out of the row's figures or points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.interval import decimal_of, stated, stated_rate
from ingest.checking.scoring import Row, rows_of
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each deviation that is neither the ratio of two figures of its row nor the change between them."""
    rows = [
        (row, rate, pairs) for row in rows_of(case) for rate in row.of("deviation", "stated") if (pairs := _pairs(row))
    ]
    yield from judged((_failure(row, rate, pairs) for row, rate, pairs in rows if not _fits(rate, pairs)), rows)


def _pairs(row: Row) -> list[tuple[Claim, Claim]]:
    """Figures of the row of one kind and unit, each with each other one that is not zero."""
    figures = [
        c for c in (*row.targets, *row.actuals, *row.of("score", "full", "item", "reviewed_item")) if c.value_base
    ]
    found = permutations(figures, 2)
    return [(one, base) for one, base in found if (one.kind, one.unit_base) == (base.kind, base.unit_base)]


def _ratio(one: Claim, base: Claim) -> Fraction:
    return stated(one).value / stated(base).value


def _fits(rate: Claim, pairs: list[tuple[Claim, Claim]]) -> bool:
    told = stated_rate(rate)
    low, high = sorted((abs(told.low), abs(told.high)))
    low = low if told.low > 0 or told.high < 0 else Fraction(0)
    ratios = [_ratio(one, base) for one, base in pairs]
    return any(low <= found <= high for ratio in ratios for found in (ratio, abs(ratio - 1)))


def _failure(row: Row, rate: Claim, pairs: list[tuple[Claim, Claim]]) -> Result:
    one, base = next((pair for pair in pairs if pair[1].role == "target"), pairs[0])
    right = percent(decimal_of(_ratio(one, base) - 1))
    return Result(
        "fail", (rate, base, one), right, percent(rate.value_base or decimal_of(Fraction(0))), {"name": row.name}
    )
