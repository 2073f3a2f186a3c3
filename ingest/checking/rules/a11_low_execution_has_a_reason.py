"""A11: a report whose execution rate is low says why money was not spent."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, Case, Result, judged, percent
from ingest.checking.interval import decimal_of, stated
from ingest.checking.own_money import ADJUSTED, SPENT, amount, says, settings
from ingest.checking.pairing import host_of


def check(case: Case) -> Iterator[Result]:
    """Fails when the year's expenditure is below the least share of the adjusted budget without a word of reason.

    A form alone has no place for one.
    """
    spent, adjusted = amount(case, SPENT), amount(case, ADJUSTED)
    if case.is_form or spent is None or adjusted is None or not adjusted.value_base:
        yield NOT_APPLICABLE
        return
    rate, least = stated(spent) / stated(adjusted), case.parameters["execution.least"]
    if rate.high >= least or _has_a_reason(case):
        failures = []
    else:
        rates = [claim for claim in case.of_kind("execution_rate") if host_of(claim, case.claims) == spent]
        found, limit = percent(decimal_of(rate.value)), percent(least)
        failures = [Result("fail", (spent, adjusted, *rates), "≥ " + limit, found, {"limit": limit})]
    yield from judged(failures, True)


def _has_a_reason(case: Case) -> bool:
    told = any(statement.topic in settings()["why_unspent"] for statement in case.statements)
    return told or says("why_unspent", case.text)
