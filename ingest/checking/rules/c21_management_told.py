"""C21: a report says how its money was managed (systems, accounting, regularity)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import is_running_text, says


def check(case: Case) -> Iterator[Result]:
    """Fails when no sentence speaks of systems, accounting or regularity."""
    if not is_running_text(case):
        yield NOT_APPLICABLE
    elif says(case, "management"):
        yield PASS
    else:
        yield Result("fail", expected="财务管理制度及执行情况", found="未提供")
