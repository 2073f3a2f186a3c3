"""E24: a report gives the department one grade, wherever it repeats it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import FORM, says


def check(case: Case) -> Iterator[Result]:
    """Fails once for each grade that differs from the first one; grades of projects and earlier years aside."""
    told = case.of_kind("grade", "self")
    of_one = sum(claim.rule_ids[0].startswith(FORM) for claim in told) <= 1 and not says("of_project", case.text)
    graded = told if of_one else []
    own = [
        grade
        for grade in graded
        if not says("other_result", grade.sentence) and not says("grade_scheme", grade.sentence)
    ]
    yield from judged(
        (
            Result("fail", (own[0], grade), str(own[0].value_text), str(grade.value_text))
            for grade in own[1:]
            if grade.value_text != own[0].value_text
        ),
        applies=own[1:],
    )
