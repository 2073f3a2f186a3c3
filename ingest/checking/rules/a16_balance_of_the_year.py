"""A16: what was carried over, with income and less expenditure, is what is left at the year's end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from ingest.checking.case import NOT_APPLICABLE, Case, Result, judged, ten_thousand_yuan
from ingest.checking.interval import Interval, decimal_of, stated
from ingest.checking.own_money import TOTAL, same_chapter, says
from ingest.reading.claims import Claim

BALANCES = ("carry_over", "closing_balance")


def check(case: Case) -> Iterator[Result]:
    """Fails when all four are stated in one chapter and no total of income or budget leads to the closing balance."""
    opening, closing = _balance(case, opens=True), _balance(case, opens=False)
    if opening is None or closing is None or says("leaves_balance", case.text):
        yield NOT_APPLICABLE
        return
    incomes, outlays, budgets = (_totals(case, closing, kind) for kind in ("income", "expenditure", "budget"))
    left = [stated(one) + stated(opening) - stated(out) for one, out in product(incomes, outlays)]
    # 收入总计 already holds what was carried over, and so does the budget.
    left += [stated(one) - stated(out) for one, out in product([*incomes, *budgets], outlays)]
    wrong = bool(incomes and outlays) and not any(one.meets(stated(closing)) for one in left)
    failures = [_failure(closing, opening, incomes[0], outlays[0], left[0])] if wrong else []
    yield from judged(failures, incomes and outlays)


def _failure(closing: Claim, opening: Claim, income: Claim, spent: Claim, left: Interval) -> Result:
    expected, found = ten_thousand_yuan(decimal_of(left.value)), ten_thousand_yuan(decimal_of(stated(closing).value))
    return Result("fail", (closing, opening, income, spent), expected, found)


def _balance(case: Case, opens: bool) -> Claim | None:
    balances = [claim for claim in case.of_kind("balance", "actual") if claim.subject in BALANCES]
    return next((c for c in balances if c.operator == "=" and says("opening", c.quote) == opens), None)


def _totals(case: Case, beside: Claim, kind: str) -> list[Claim]:
    totals = [claim for claim in case.of_kind(kind) if claim.subject == TOTAL and claim.operator == "="]
    return [claim for claim in totals if claim.value_base is not None and same_chapter(claim, beside)]
