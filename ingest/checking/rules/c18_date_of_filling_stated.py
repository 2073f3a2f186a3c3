"""C18: a report says when it was filled in; figures are good up to that day."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import PASS, Case, Result
from ingest.checking.contents import says


def check(case: Case) -> Iterator[Result]:
    """Fails when there is no labelled date and no line that is a date."""
    if case.submission.filled_on or says(case, "date_line"):
        yield PASS
    else:
        yield Result("fail", expected="填报日期（年、月、日）", found="未提供")
