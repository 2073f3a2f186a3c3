"""C17: a narrative says what the department worked on during the year."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import has_chapter, is_running_text, says


def check(case: Case) -> Iterator[Result]:
    """Fails when neither a heading nor any sentence speaks of the year's work and key tasks."""
    if not is_running_text(case):
        yield NOT_APPLICABLE
    elif has_chapter(case, "activities") or says(case, "tasks"):
        yield PASS
    else:
        yield Result("fail", expected="年度总体工作和重点工作任务", found="未提供")
