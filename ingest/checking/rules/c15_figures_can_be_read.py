"""C15: every figure of a report can be read; one that cannot counts for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Passage, Result, judged

MOST_TOLD = 2


def check(case: Case) -> Iterator[Result]:
    """Fails once with examples of the figures that nothing explains."""
    shown = [Passage("", example) for example in dict.fromkeys(case.unclaimed)]
    words = "、".join(f"“{passage.quote}”" for passage in shown[:MOST_TOLD])
    failures = [Result("fail", expected="数字、单位和名称齐全", found=words, passages=shown)] if shown else []
    yield from judged(failures, applies=case.claims)
