"""C04: a narrative says what the department is for; without its duties nobody can judge its targets."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import has_chapter, is_running_text, says


def check(case: Case) -> Iterator[Result]:
    """Fails when neither a heading nor any sentence speaks of duties."""
    if not is_running_text(case):
        yield NOT_APPLICABLE
    elif has_chapter(case, "duties") or says(case, "duties"):
        yield PASS
    else:
        yield Result("fail", expected="部门职能（主要职责）", found="未提供")
