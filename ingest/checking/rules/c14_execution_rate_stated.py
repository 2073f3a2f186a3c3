"""C14: a report with adjusted budget and expenditure states its execution rate."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, percent
from ingest.checking.identities import amounts


def check(case: Case) -> Iterator[Result]:
    """Fails when both amounts are stated and no execution rate; what they make is what is expected."""
    spent = amounts(case.claims, "expenditure", "actual").get("total")
    adjusted = amounts(case.claims, "budget", "adjusted").get("total")
    if spent is None or adjusted is None or spent.value_base is None or not adjusted.value_base:
        yield NOT_APPLICABLE
    elif case.of_kind("execution_rate"):
        yield PASS
    else:
        rate = percent(spent.value_base / adjusted.value_base)
        yield Result("fail", (spent, adjusted), expected=rate, found="未提供")
