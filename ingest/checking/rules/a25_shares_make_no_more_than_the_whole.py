"""A25: the shares of the parts of one whole add up to no more than 100 %."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.interval import decimal_of
from ingest.checking.money_identities import total_of
from ingest.checking.own_shares import divided_shares

FULL = Decimal(1)


def check(case: Case) -> Iterator[Result]:
    """Fails once for each set of such shares that is more than the whole, rounding aside."""
    groups = divided_shares(case)
    failures = (
        Result("fail", group, "≤ " + percent(FULL), percent(decimal_of(total_of(group).value)))
        for group in groups
        if total_of(group).low > FULL
    )
    yield from judged(failures, groups)
