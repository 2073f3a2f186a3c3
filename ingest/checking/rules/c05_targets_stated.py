"""C05: a report says what the year's targets were, in a chapter, in words or in figures."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import has_chapter, is_running_text, says


def check(case: Case) -> Iterator[Result]:
    """Fails when there is no chapter of targets, no figure that is a target, and no sentence that sets one."""
    if not is_running_text(case):
        yield NOT_APPLICABLE
    elif has_chapter(case, "targets") or any(c.role == "target" for c in case.claims) or says(case, "targets"):
        yield PASS
    else:
        yield Result("fail", expected="年度绩效目标", found="未提供")
