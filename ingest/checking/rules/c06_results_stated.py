"""C06: a report says what was done, in a chapter, in words or in figures."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import has_chapter, is_running_text, says


def check(case: Case) -> Iterator[Result]:
    """Fails when there is no chapter of results or work, no outcome in figures, and no sentence that tells of one."""
    if not is_running_text(case):
        yield NOT_APPLICABLE
    elif has_chapter(case, "results", "activities") or case.of_kind("indicator", "actual") or says(case, "results"):
        yield PASS
    else:
        yield Result("fail", expected="目标完成情况", found="未提供")
