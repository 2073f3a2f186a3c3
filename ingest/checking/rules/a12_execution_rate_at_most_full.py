"""A12: no more than all of the adjusted budget is spent, so that an execution rate is at most 100 %."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.interval import stated_rate
from ingest.checking.own_money import says, written
from ingest.checking.pairing import host_of
from ingest.reading.claims import Claim

FULL = Decimal(1)


def check(case: Case) -> Iterator[Result]:
    """Fails once for each rate above 100 %; one over the initial budget or of additions says so and is left out."""
    rates = [rate for rate in case.of_kind("execution_rate") if _is_over_the_adjusted_budget(rate, case)]
    failures = (
        Result("fail", (rate,), "≤ " + percent(FULL), written(rate)) for rate in rates if stated_rate(rate).low > FULL
    )
    yield from judged(failures, rates)


def _is_over_the_adjusted_budget(rate: Claim, case: Case) -> bool:
    host = host_of(rate, case.claims)
    of_spending = host is not None and (host.kind, host.subject) == ("expenditure", rate.subject)
    return of_spending and rate.operator == "=" and not says("over_initial", rate.sentence)
