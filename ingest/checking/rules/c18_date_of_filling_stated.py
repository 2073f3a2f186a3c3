"""C18: a report says when it was filled in; figures are good up to that day."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.contents import says


def check(case: Case) -> Iterator[Result]:
    """Fails when there is no labelled date and no line that is a date. The cells of a form are not looked through."""
    dated = case.submission.filled_on or says(case, "date_line")
    failures = [] if dated or case.is_form else [Result("fail", expected="填报日期（年、月、日）", found="未提供")]
    yield from judged(failures, applies=dated or not case.is_form)
