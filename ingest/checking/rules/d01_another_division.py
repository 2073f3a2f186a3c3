"""D01: the duties of a department do not name another division's department: a sign of copied text."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.identify import duties_of


def check(case: Case) -> Iterator[Result]:
    """Fails once with the names of other divisions' departments that the duties bear; without duties it cannot say."""
    own, others = case.submission.department_name, case.other_divisions
    failures = [Result("fail", expected=own, found="、".join(others))] if others else []
    yield from judged(failures, applies=duties_of(case.text))
