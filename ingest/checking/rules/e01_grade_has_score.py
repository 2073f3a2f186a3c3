"""E01: a grade rests on a score."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result


def check(case: Case) -> Iterator[Result]:
    """Fails when a grade is stated and no score out of 100."""
    grades = case.of_kind("grade", "self")
    if not grades:
        yield NOT_APPLICABLE
    elif case.of_kind("score", "self"):
        yield PASS
    else:
        yield Result("fail", grades[:1], expected="自评得分（百分制）", found=f"只有等级“{grades[0].value_text}”")
