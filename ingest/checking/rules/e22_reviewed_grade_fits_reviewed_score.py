"""E22: the reviewed grade is the one that the reviewed score falls into."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.grades import grade_of
from ingest.checking.scoring import in_points


def check(case: Case) -> Iterator[Result]:
    """Fails when score and grade of the review disagree."""
    scores = [claim for claim in case.of_kind("score", "reviewed") if claim.value is not None]
    grades = case.of_kind("grade", "reviewed")
    pairs = [(scores[-1], grades[-1])] if scores and grades else []
    told = [(score, grade, grade_of(score.value, case.thresholds)) for score, grade in pairs if score.value is not None]
    known = [(score, grade, right) for score, grade, right in told if right]
    yield from judged(
        (
            Result("fail", (score, grade), right, str(grade.value_text), {"score": in_points(score.value)})
            for score, grade, right in known
            if right != grade.value_text
        ),
        applies=known,
    )
