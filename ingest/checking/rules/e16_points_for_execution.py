"""E16: the points for execution are their full marks times the execution rate, at most the full marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ingest.checking.case import Case, Result, judged
from ingest.checking.interval import Interval, stated, stated_rate
from ingest.checking.scoring import Row, forms_of, in_points, rounded, rounded_points
from ingest.reading.claims import Claim


@dataclass(frozen=True)
class Execution:
    """The row of execution: its full marks, its points, what was spent of what budget, and the rate it states."""

    full: Claim
    item: Claim
    spent: Claim
    budget: Claim
    rate: Claim | None

    def rates(self) -> list[Interval]:
        """The rate as it comes out, and as it is stated."""
        return [stated(self.spent) / stated(self.budget), *([stated_rate(self.rate)] if self.rate else [])]


def check(case: Case) -> Iterator[Result]:
    """Fails where the points fit neither the rate that comes out nor the stated one, capped by the parameter."""
    most = Fraction(case.parameters["execution.score_cap"])
    rows = [
        found for form in forms_of(case) for row in form.items for found in _execution(row) if not row.has_criterion
    ]
    yield from judged((_failure(one, most) for one in rows if not _fits(one, most)), rows)


def _execution(row: Row) -> Iterator[Execution]:
    full, item = row.points("full"), row.points("item")
    spent, budget = row.of("expenditure", "actual"), row.of("budget", "adjusted")
    if row.is_of_money and full and item and spent and budget and budget[0].value_base and spent[0].subject == "total":
        yield Execution(full, item, spent[0], budget[0], next(iter(row.of("execution_rate", "stated")), None))


def _points(one: Execution, rate: Interval, most: Fraction) -> Interval:
    full = Fraction(one.full.value or 0)
    low, high, value = (min(end, most) * full for end in (rate.low, rate.high, rate.value))
    return Interval(low, high, value)


def _fits(one: Execution, most: Fraction) -> bool:
    return any(rounded_points(one.item).meets(_points(one, rate, most)) for rate in one.rates())


def _failure(one: Execution, most: Fraction) -> Result:
    claims = (one.item, one.full, one.budget, one.spent, *filter(None, [one.rate]))
    right = rounded(_points(one, one.rates()[0], most).value)
    return Result("fail", claims, right, in_points(one.item.value), {"full": in_points(one.full.value)})
