"""E26: the mean completion of a form's indicators lies not far above the execution rate."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.interval import decimal_of
from ingest.checking.scoring import Measured, measured_rows
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails when (mean completion - execution rate) / mean completion is above the parameter (domain 4d)."""
    rows, rates = list(measured_rows(case)), _rates(case)
    applies = len(rows) >= case.parameters["completion.rows_least"] and len(rates) == 1
    mean = sum((one.share.value for one in rows), Fraction(0)) / max(len(rows), 1)
    most = Fraction(case.parameters["execution.lag_most"])
    behind = applies and mean > 0 and (mean - Fraction(rates[0].value_base or 0)) / mean > most
    yield from judged([_failure(rows, rates[0], mean)] if behind else (), applies)


def _rates(case: Case) -> list[Claim]:
    """The rate of all expenditure, where the report states one."""
    rates = [c for c in case.of_kind("execution_rate", "stated") if c.subject == "total" and c.value_base is not None]
    return rates[:1] if len({c.value_base for c in rates}) == 1 else []


def _failure(rows: list[Measured], rate: Claim, mean: Fraction) -> Result:
    claims = (rate, *(one.actual for one in rows[:4]))
    words = {"count": str(len(rows))}
    return Result("fail", claims, percent(decimal_of(mean)), percent(rate.value_base or decimal_of(mean)), words)
