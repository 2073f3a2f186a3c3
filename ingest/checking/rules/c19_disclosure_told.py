"""C19: a report says whether budget and accounts were published."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import is_running_text, says


def check(case: Case) -> Iterator[Result]:
    """Fails when no sentence says that budget or accounts were published."""
    if not is_running_text(case):
        yield NOT_APPLICABLE
    elif says(case, "disclosure"):
        yield PASS
    else:
        yield Result("fail", expected="预决算公开情况", found="未提供")
