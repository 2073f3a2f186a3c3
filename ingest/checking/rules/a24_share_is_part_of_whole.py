"""A24: the stated share of a category is its amount over the whole."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.interval import decimal_of, stated, stated_rate
from ingest.checking.own_shares import Share, shares_of


def check(case: Case) -> Iterator[Result]:
    """Fails once for each share that no amount of the category over any total of the measure makes."""
    shares = shares_of(case)
    yield from judged((_failure(one) for one in shares if not _fits(one)), shares)


def _fits(share: Share) -> bool:
    ratios = (stated(part) / stated(whole) for part in share.parts for whole in share.wholes)
    return any(stated_rate(share.claim).meets(ratio) for ratio in ratios)


def _failure(share: Share) -> Result:
    part, whole, claim = share.parts[0], share.wholes[0], share.claim
    right = percent(decimal_of((stated(part) / stated(whole)).value))
    return Result("fail", (claim, part, whole), right, percent(claim.value_base or Decimal(0)), {"what": part.surface})
