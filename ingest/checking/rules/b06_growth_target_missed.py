"""B06: a growth target that was missed is named among the problems. Growth has no completion rate."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.explanations import is_explained
from ingest.checking.outcome_words import names_something_else
from ingest.checking.outcomes import AT_MOST, is_of_the_year, is_reverse
from ingest.checking.pairing import numbered
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each indicator whose actual growth is below the last stated target growth, if nothing is said.

    A target to fall, and one of an indicator of which less is better, is none that more growth would meet.
    """
    pairs = [(actual, target) for actual, target in _pairs(case) if not _is_to_fall(target, case)]
    failures = (
        Result("fail", (actual, target), percent(target.value_base), percent(actual.value_base))
        for actual, target in pairs
        if actual.value_base is not None and target.value_base is not None
        if actual.value_base < target.value_base and not is_explained((actual, target), case)
    )
    yield from judged(failures, applies=pairs)


def _is_to_fall(target: Claim, case: Case) -> bool:
    falls = target.value_base is not None and target.value_base < 0
    return falls or target.operator in AT_MOST or is_reverse(target, case)


def _pairs(case: Case) -> Iterator[tuple[Claim, Claim]]:
    """Actual growth with its target: the one it follows in the sentence, or the last of the same indicator.

    A target beside which its own actual stands is not measured by another figure's growth.
    """
    targets = [claim for claim in case.of_kind("growth", "target") if _is_meant(claim, case)]
    actuals = [claim for claim in case.of_kind("growth", "actual") if _is_meant(claim, case)]
    answered = {(actual.subject, actual.sentence) for actual in actuals}
    by_subject = {claim.subject: claim for claim in targets if claim.subject}
    for actual in actuals:
        target = numbered(actual.host, targets) or by_subject.get(actual.subject or "")
        if target is None:
            continue
        if actual.sentence == target.sentence or (target.subject, target.sentence) not in answered:
            yield actual, target


def _is_meant(claim: Claim, case: Case) -> bool:
    return is_of_the_year(claim, case) and not names_something_else(claim)
