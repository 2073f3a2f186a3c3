"""D01: the duties of a department do not name another division's department: a sign of copied text."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import PASS, Case, Result


def check(case: Case) -> Iterator[Result]:
    """Fails once with the names of other divisions' departments that the text bears."""
    if case.other_divisions:
        yield Result("fail", expected=case.submission.department_name, found="、".join(case.other_divisions))
    else:
        yield PASS
