"""B03: completion far above its target asks for a reason; the target may have been set too low (财预〔2020〕10号)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, percent
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each stated or computable completion above the limit."""
    most = case.parameters["completion.most"]
    targets = {claim.subject or "": claim for claim in case.of_kind("indicator", "target")}
    actuals = [claim for claim in case.of_kind("indicator", "actual") if claim.subject]
    found = ((actual, targets.get(actual.subject or "")) for actual in actuals)
    pairs = [(actual, target) for actual, target in found if target and _comparable(actual, target)]
    failed = False
    for actual, target in pairs:
        ratio = (actual.value_base or Decimal(0)) / (target.value_base or Decimal(1))
        if ratio > most:
            failed = True
            yield Result("fail", (actual, target), expected="≤ " + percent(most), found=percent(ratio))
    if not failed:
        yield PASS if pairs else NOT_APPLICABLE


def _comparable(actual: Claim, target: Claim) -> bool:
    bounded_above = target.operator in ("<", "<=")
    return actual.unit_base == target.unit_base and bool(target.value_base) and not bounded_above
