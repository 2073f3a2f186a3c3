"""A14: where income and expenditure of the year differ, the report says what became of the difference."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, Case, Result, judged
from ingest.checking.interval import stated
from ingest.checking.own_money import TOTAL, same_chapter, says, written
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails when no total of income is one of expenditure, and nothing in the report tells of a balance."""
    incomes, outlays = (_totals(case, kind) for kind in ("income", "expenditure"))
    pairs = [(one, other) for one in incomes for other in outlays if same_chapter(one, other)]
    if not pairs:
        yield NOT_APPLICABLE
        return
    told = case.of_kind("balance") or says("carried", case.text)
    if told or any(stated(one).meets(stated(other)) for one, other in pairs):
        failures = []
    else:
        failures = [Result("fail", pairs[0], written(pairs[0][0]), written(pairs[0][1]))]
    yield from judged(failures, True)


def _totals(case: Case, kind: str) -> list[Claim]:
    """The totals of the year's accounts; one whose words name the budget is none of them."""
    totals = [claim for claim in case.of_kind(kind, "actual") if claim.subject == TOTAL and claim.operator == "="]
    return [claim for claim in totals if claim.value_base is not None and not says("budgeted", claim.quote)]
