"""C09: where the place's outline asks for it, a narrative says how last year's findings were rectified."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import has_chapter, is_running_text, says


def check(case: Case) -> Iterator[Result]:
    """Fails when neither a heading nor any sentence speaks of rectification."""
    if not case.parameters["rectification.due"] or not is_running_text(case):
        yield NOT_APPLICABLE
    elif has_chapter(case, "rectification") or says(case, "rectification"):
        yield PASS
    else:
        yield Result("fail", expected="上年度绩效自评整改情况", found="未提供")
