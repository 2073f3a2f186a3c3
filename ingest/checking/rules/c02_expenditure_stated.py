"""C02: the year's total expenditure is stated."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.identities import amounts

MONEY = ("budget", "expenditure", "income", "balance")


def check(case: Case) -> Iterator[Result]:
    """Fails when no total expenditure was found. A form of indicators alone has no place for it."""
    stated = "total" in amounts(case.claims, "expenditure", "actual")
    asked = not case.is_form or any(claim.kind in MONEY for claim in case.claims)
    failures = [] if stated or not asked else [Result("fail", expected="全年支出（决算）数", found="未提供")]
    yield from judged(failures, applies=asked)
