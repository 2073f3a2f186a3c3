"""A17: a report whose budget was changed a good deal during the year says why."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, Case, Result, judged, percent
from ingest.checking.interval import ONE, decimal_of, stated
from ingest.checking.own_money import ADJUSTED, INITIAL, amount, says


def check(case: Case) -> Iterator[Result]:
    """Fails when the budget moved by more than the share that needs no reason, and the report gives none."""
    initial, adjusted = amount(case, INITIAL), amount(case, ADJUSTED)
    if initial is None or adjusted is None or not initial.value_base:
        yield NOT_APPLICABLE
        return
    most, moved = case.parameters["budget.adjustment_most"], stated(adjusted) / stated(initial) - ONE
    large = moved.low > most or moved.high < -most
    found, limit = percent(abs(decimal_of(moved.value))), percent(most)
    failures = [Result("fail", (adjusted, initial), "≤ " + limit, found, {"limit": limit})]
    yield from judged(failures if large and not says("why_adjusted", case.text) else (), True)
