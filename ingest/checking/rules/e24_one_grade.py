"""E24: a report gives the department one grade, wherever it repeats it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import says


def check(case: Case) -> Iterator[Result]:
    """Fails once for each grade that differs from the first one; grades of projects and earlier years aside."""
    alone = not says("of_project", case.text)
    graded = case.of_kind("grade", "self") if alone else []
    own = [grade for grade in graded if not says("other_result", grade.sentence)]
    yield from judged(
        (
            Result("fail", (own[0], grade), str(own[0].value_text), str(grade.value_text))
            for grade in own[1:]
            if grade.value_text != own[0].value_text
        ),
        applies=own[1:],
    )
