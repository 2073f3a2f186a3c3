"""E03: a self-evaluation states a result: a score, a grade, or both."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged


def check(case: Case) -> Iterator[Result]:
    """Fails when neither a score nor a grade was found. A form without points of its own has no place for them."""
    stated = case.of_kind("score", "self") or case.of_kind("grade", "self")
    asked = not case.is_form or case.of_kind("score")
    failures = [] if stated or not asked else [Result("fail", expected="自评得分和等级", found="未提供")]
    yield from judged(failures, applies=asked)
