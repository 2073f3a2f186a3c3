"""E03: a self-evaluation states a result: a score, a grade, or both."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import PASS, Case, Result


def check(case: Case) -> Iterator[Result]:
    """Fails when neither a score nor a grade was found."""
    if case.of_kind("score", "self") or case.of_kind("grade", "self"):
        yield PASS
    else:
        yield Result("fail", expected="自评得分和等级", found="未提供")
