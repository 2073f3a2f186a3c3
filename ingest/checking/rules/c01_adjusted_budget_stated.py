"""C01: the adjusted budget is stated. Without it there is no execution rate; the initial budget is no substitute."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.identities import amounts


def check(case: Case) -> Iterator[Result]:
    """Fails when expenditure is stated but no adjusted budget; the evidence is the expenditure's sentence."""
    spent = amounts(case.claims, "expenditure", "actual").get("total")
    if spent is None:
        yield NOT_APPLICABLE
    elif "total" in amounts(case.claims, "budget", "adjusted"):
        yield PASS
    else:
        initial = amounts(case.claims, "budget", "initial").get("total")
        yield Result(
            "fail", tuple(filter(None, (spent, initial))), expected="调整后预算数（全年预算数）", found="未提供"
        )
