"""C02: the year's total expenditure is stated."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import PASS, Case, Result
from ingest.checking.identities import amounts


def check(case: Case) -> Iterator[Result]:
    """Fails when no total expenditure was found."""
    if "total" in amounts(case.claims, "expenditure", "actual"):
        yield PASS
    else:
        yield Result("fail", expected="全年支出（决算）数", found="未提供")
