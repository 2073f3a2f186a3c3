"""A22: government procurement stays within what was planned for it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.own_money import SPENT, above, amount, budget_of, comparable, written

PROCUREMENT = "procurement"


def check(case: Case) -> Iterator[Result]:
    """Fails when more was bought than planned, rounding aside."""
    spent, planned = amount(case, SPENT, PROCUREMENT), budget_of(case, PROCUREMENT)
    pairs = [(spent, planned)] if spent and planned and comparable(spent, planned) else []
    failures = (
        Result("fail", pair, "≤ " + written(pair[1]), written(pair[0]), {"limit": written(pair[1])})
        for pair in pairs
        if above(*pair)
    )
    yield from judged(failures, pairs)
