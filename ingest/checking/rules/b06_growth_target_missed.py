"""B06: a growth target that was missed is named among the problems. Growth has no completion rate."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, percent
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each indicator whose actual growth is below the last stated target growth."""
    pairs = list(_pairs(case))
    failed = False
    for actual, target in pairs:
        if actual.value_base is not None and target.value_base is not None and actual.value_base < target.value_base:
            failed = True
            yield Result("fail", (actual, target), percent(target.value_base), percent(actual.value_base))
    if not failed:
        yield PASS if pairs else NOT_APPLICABLE


def _pairs(case: Case) -> Iterator[tuple[Claim, Claim]]:
    """Actual growth with its target: of the same indicator, or the one it follows in the sentence."""
    targets = case.of_kind("growth", "target")
    by_subject = {claim.subject: claim for claim in targets if claim.subject}
    by_number = {claim.number: claim for claim in targets}
    for actual in case.of_kind("growth", "actual"):
        target = by_number.get(actual.host or 0) or by_subject.get(actual.subject or "")
        if target is not None:
            yield actual, target
