"""E02: the grade is the one that the score falls into; the thresholds are versioned by place and year."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, plain
from ingest.checking.grades import grade_of


def check(case: Case) -> Iterator[Result]:
    """Fails when score and grade disagree."""
    scores, grades = case.of_kind("score", "self"), case.of_kind("grade", "self")
    if not scores or not grades or scores[-1].value is None:
        yield NOT_APPLICABLE
        return
    score, grade = scores[-1], grades[-1]
    right = grade_of(scores[-1].value, case.thresholds)
    if right is None or right == grade.value_text:
        yield PASS if right else NOT_APPLICABLE
    else:
        yield Result(
            "fail", (score, grade), expected=right, found=str(grade.value_text), words={"score": plain(score.value)}
        )
