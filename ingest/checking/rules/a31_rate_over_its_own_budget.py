"""A31: a rate of 三公经费 or of government procurement is what was spent over its own budget."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.interval import Interval, decimal_of, stated, stated_rate
from ingest.checking.own_money import ADJUSTED, INITIAL, SPENT, amount, comparable, settings
from ingest.reading.claims import Claim

Rated = tuple[Claim, Claim, Claim]


def check(case: Case) -> Iterator[Result]:
    """Fails once for each such rate that does not come out; with an adjusted budget it is A02's matter."""
    rated = list(_rated(case))
    failures = (
        Result("fail", one, percent(decimal_of(_ratio(one).value)), percent(decimal_of(stated_rate(one[0]).value)))
        for one in rated
        if not stated_rate(one[0]).meets(_ratio(one))
    )
    yield from judged(failures, rated)


def _rated(case: Case) -> Iterator[Rated]:
    """Exact rates with what was spent and the initial budget, where the category has one of each and no other."""
    categories = [settings()[name]["whole"] for name in ("three_public", "procurement")]
    for rate in case.of_kind("execution_rate"):
        category = rate.subject or ""
        if category not in categories or rate.operator != "=" or amount(case, ADJUSTED, category):
            continue
        spent, budget = amount(case, SPENT, category), amount(case, INITIAL, category)
        if spent and budget and budget.value_base and comparable(spent, budget) and comparable(spent, rate):
            yield rate, spent, budget


def _ratio(rated: Rated) -> Interval:
    _, spent, budget = rated
    return stated(spent) / stated(budget)
