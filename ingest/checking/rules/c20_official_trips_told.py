"""C20: a report says how the three public expenses (三公经费) were kept."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import is_running_text, says


def check(case: Case) -> Iterator[Result]:
    """Fails when no sentence speaks of the three public expenses."""
    if not is_running_text(case):
        yield NOT_APPLICABLE
    elif says(case, "trips"):
        yield PASS
    else:
        yield Result("fail", expected="“三公”经费控制情况", found="未提供")
