"""A13: an execution rate is measured against the adjusted budget and not the initial one."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.identity import Identity
from ingest.checking.interval import stated, stated_rate
from ingest.checking.own_money import INITIAL, amount
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each wrong rate that comes out when expenditure is divided by the initial budget."""
    rates = case.identities_of_kind("execution_rate")
    found = ((one, amount(case, INITIAL, one.claims[0].subject or "")) for one in rates)
    failures = (
        Result("fail", (*one.claims, initial), percent(one.recomputed), percent(one.stated))
        for one, initial in found
        if initial is not None and not one.holds and _fits(one, initial)
    )
    yield from judged(failures, rates)


def _fits(identity: Identity, initial: Claim) -> bool:
    rate, spent, _ = identity.claims
    return bool(initial.value_base) and stated_rate(rate).meets(stated(spent) / stated(initial))
