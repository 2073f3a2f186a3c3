"""A23: no more than a small share of the year's money is left at its end."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, Case, Result, judged, percent
from ingest.checking.interval import decimal_of, stated
from ingest.checking.own_money import ADJUSTED, amount, same_chapter, says
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails when the closing balance is above the share of the adjusted budget that full marks allow."""
    adjusted = amount(case, ADJUSTED)
    closing = _closing_beside(adjusted, case) if adjusted is not None and adjusted.value_base else None
    if adjusted is None or closing is None:
        yield NOT_APPLICABLE
        return
    most, share = case.parameters["balance.most"], stated(closing) / stated(adjusted)
    found, limit = percent(decimal_of(share.value)), percent(most)
    failures = [Result("fail", (closing, adjusted), "≤ " + limit, found, {"limit": limit})]
    yield from judged(failures if most < share.low < 1 else (), True)


def _closing_beside(adjusted: Claim, case: Case) -> Claim | None:
    balances = [claim for claim in case.of_kind("balance", "actual") if claim.subject == "closing_balance"]
    beside = (c for c in balances if c.operator == "=" and same_chapter(c, adjusted))
    return next((claim for claim in beside if not says("opening", claim.quote)), None)
