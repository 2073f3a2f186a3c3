"""A19: the whole budget and the whole expenditure of a department are above zero."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.own_money import INITIAL, MEASURES, TOTAL, written
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each measure whose totals are all too little to be true."""
    measured = [totals for totals in (_totals(case, *measure) for measure in MEASURES) if totals]
    failures = (
        Result("fail", totals, "> 0", written(totals[0]), {"what": totals[0].surface})
        for totals in measured
        if all(_is_too_little(total) for total in totals)
    )
    yield from judged(failures, measured)


def _is_too_little(total: Claim) -> bool:
    """Below zero, or zero; only the initial budget may be zero: that of a department founded during the year."""
    value = total.value_base or 0
    return value < 0 or (value == 0 and (total.kind, total.role) != INITIAL)


def _totals(case: Case, kind: str, role: str) -> list[Claim]:
    totals = [claim for claim in case.of_kind(kind, role) if claim.subject == TOTAL and claim.operator == "="]
    return [claim for claim in totals if claim.value_base is not None]
