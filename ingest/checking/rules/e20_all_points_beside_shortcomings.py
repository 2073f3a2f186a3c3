"""E20: a score of all points stands beside no shortcomings that the report itself states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import measured_rows, own_form, own_totals
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails when the total is all points while targets were missed, rates are below 100 % or problems are named."""
    filled = own_form(case)
    totals = [*([filled.totals["self"]] if filled else []), *own_totals(case)]
    whole = case.parameters["score.full"]
    all_points = [total for total in totals if total.value == whole]
    short = [*_missed(case), *_low_rates(case)][:4]
    problems = [one for one in case.statements if one.kind == "problem"][:3]
    failed = bool(all_points) and bool(short or problems)
    found = "、".join(filter(None, (_counted(short, "项未完成或执行率不足"), _counted(problems, "个问题"))))
    result = Result("fail", (*all_points[:1], *short), "反映不足的得分", found, statements=problems)
    yield from judged([result] if failed else (), totals)


def _missed(case: Case) -> list[Claim]:
    return [one.actual for one in measured_rows(case) if one.is_missed]


def _low_rates(case: Case) -> list[Claim]:
    """Stated completion rates, and the rate of all expenditure, below 100 %."""
    rates = [c for c in case.of_kind("execution_rate", "stated") if c.subject == "total"] + case.of_kind(
        "completion_rate"
    )
    return [rate for rate in rates if rate.value_base is not None and rate.operator == "=" and rate.value_base < 1]


def _counted(things: Sequence[object], words: str) -> str:
    return f"{len(things)}{words}" if things else ""
