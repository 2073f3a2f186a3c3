"""B32: a rate of paying money out is execution of the budget, not something that was produced."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, says
from ingest.reading.claims import ORIGIN_FORM


def check(case: Case) -> Iterator[Result]:
    """Fails once for each row under 数量指标 that is a rate of payment."""
    targets = [claim for claim in case.of_kind("indicator", "target") if claim.origin == ORIGIN_FORM]
    quantities = [claim for claim in targets if says("level.quantity", claim.section_path)]
    failures = (
        Result("fail", (claim,), expected="产出的数量", found=named(claim))
        for claim in quantities
        if claim.unit_family == "ratio" and says("payment", claim.surface)
    )
    yield from judged(failures, applies=quantities)
