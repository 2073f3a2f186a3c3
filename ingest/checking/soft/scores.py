"""The score that a department gives itself, and what its own figures say of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case
from ingest.checking.grades import grade_of
from ingest.checking.observation import Observation, figure, observed, settings
from ingest.reading.claims import Claim


def observe(case: Case) -> Iterator[Observation]:
    """Grade against score, a score that is missing, and both against the outcomes."""
    scores = [claim for claim in case.of_kind("score", "self") if claim.value is not None]
    yield from _grade(case, scores)
    yield from _evidence(case, scores)
    yield from _assertion(case, scores)


def _grade(case: Case, scores: list[Claim]) -> Iterator[Observation]:
    """Whether the grade is the score's; how many scores a grade rests on where there is none."""
    grades = case.of_kind("grade", "self")
    if grades and not scores:
        yield observed("score_missing", "missing_score", grades[:1], None, len(scores), "")
    if not grades or not scores or scores[-1].value is None:
        return
    score, grade = scores[-1], grades[-1]
    right = grade_of(scores[-1].value, case.thresholds)
    if right is not None:
        verdict = "holds" if right == grade.value_text else "fails"
        yield observed("grade", verdict, (score, grade), score.value, score.value, f"{figure(score)}={right}")


def _evidence(case: Case, scores: list[Claim]) -> Iterator[Observation]:
    """A good score beside completion rates far below their targets."""
    good, far_below = _threshold("good_score"), _threshold("far_below")
    low = [rate for rate in case.of_kind("completion_rate") if _below(rate, far_below)]
    if scores and low and (scores[-1].value or 0) >= good:
        formula = "、".join(f"{figure(rate)}%" for rate in low)
        claims = (scores[-1], *low)
        yield observed("score_evidence", "suspect_inflated", claims, scores[-1].value, scores[-1].value, formula)


def _assertion(case: Case, scores: list[Claim]) -> Iterator[Observation]:
    """A sentence that says all targets were met, beside figures that fell or fell short.

    `recomputed` is the score that the sentence could rest on, or 0.
    """
    fallen = [claim for claim in case.of_kind("growth", "actual") if _below(claim, Decimal(0))]
    short = [rate for rate in case.of_kind("completion_rate") if _below(rate, _threshold("full"))]
    against = [*fallen, *short]
    if case.says_all_targets_were_met and against:
        score = scores[-1].value if scores else None
        formula = "、".join(f"{figure(claim)}%" for claim in against)
        yield observed("score_evidence", "contradiction", against, score, score or 0, formula)


def _below(claim: Claim, limit: Decimal) -> bool:
    return claim.value_base is not None and claim.value_base < limit


def _threshold(name: str) -> Decimal:
    return Decimal(settings()["thresholds"][name])
