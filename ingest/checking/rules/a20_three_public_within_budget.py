"""A20: 三公经费 and each of its parts stay within their budgets."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.own_money import SPENT, above, amount, budget_of, comparable, settings, written


def check(case: Case) -> Iterator[Result]:
    """Fails once for each of them that was spent beyond its budget, rounding aside."""
    words = settings()["three_public"]
    found = ((amount(case, SPENT, one), budget_of(case, one)) for one in (words["whole"], *words["parts"]))
    pairs = [(spent, budget) for spent, budget in found if spent and budget and comparable(spent, budget)]
    failures = (
        Result("fail", pair, "≤ " + written(pair[1]), written(pair[0]), {"limit": written(pair[1])})
        for pair in pairs
        if above(*pair)
    )
    yield from judged(failures, pairs)
