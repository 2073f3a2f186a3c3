"""A18: expenditure far above the initial budget needs an adjusted budget that allows for it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, Case, Result, judged, percent
from ingest.checking.interval import decimal_of, stated
from ingest.checking.own_money import INITIAL, SPENT, amount


def check(case: Case) -> Iterator[Result]:
    """Fails when expenditure is far above the initial budget and no adjusted budget is stated."""
    spent, initial = amount(case, SPENT), amount(case, INITIAL)
    if spent is None or initial is None or not initial.value_base or _is_adjusted(case):
        yield NOT_APPLICABLE
        return
    most, ratio = case.parameters["spending.over_initial_most"], stated(spent) / stated(initial)
    failures = [Result("fail", (spent, initial), "≤ " + percent(most), percent(decimal_of(ratio.value)))]
    yield from judged(failures if ratio.low > most else (), True)


def _is_adjusted(case: Case) -> bool:
    """Whether the report tells of an adjusted budget or of additions, of whatever category."""
    return any(claim.role in ("adjusted", "adjustment") for claim in case.of_kind("budget"))
