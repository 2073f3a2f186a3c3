"""C10: the initial budget is stated. With the adjusted budget it tells how much was changed during the year."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import says
from ingest.checking.identities import amounts


def check(case: Case) -> Iterator[Result]:
    """Fails when adjusted budget and expenditure are stated, and no initial budget; these two are the evidence."""
    adjusted = amounts(case.claims, "budget", "adjusted").get("total")
    spent = amounts(case.claims, "expenditure", "actual").get("total")
    if adjusted is None or spent is None:
        yield NOT_APPLICABLE
    elif case.of_kind("budget", "initial"):
        yield PASS
    elif says(case, "initial_budget"):
        yield NOT_APPLICABLE
    else:
        yield Result("fail", (adjusted, spent), expected="年初预算数", found="未提供")
