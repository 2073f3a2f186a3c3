"""C11: expenditure is broken down, at least into basic and project expenditure."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import contents, is_running_text
from ingest.checking.identities import amounts


def check(case: Case) -> Iterator[Result]:
    """Fails when the total is stated and neither a part of it nor the rate of a part; the total is the evidence."""
    total = amounts(case.claims, "expenditure", "actual").get("total")
    if total is None or not is_running_text(case):
        yield NOT_APPLICABLE
        return
    of_money = [claim for claim in case.claims if claim.kind in ("expenditure", "execution_rate", "share")]
    if any(claim.subject not in contents()["totals"] for claim in of_money):
        yield PASS
    else:
        yield Result("fail", (total,), expected="基本支出数、项目支出数", found="未提供")
