"""C07: a report that names problems says what will be done about them."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import is_running_text, says

MOST_SHOWN = 5


def check(case: Case) -> Iterator[Result]:
    """Fails when problems are named, no measure was read, and no word of the text announces one."""
    problems = [statement for statement in case.statements if statement.kind == "problem"]
    if not problems or not is_running_text(case):
        yield NOT_APPLICABLE
    elif any(statement.kind == "measure" for statement in case.statements):
        yield PASS
    elif says(case, "measures"):
        yield NOT_APPLICABLE
    else:
        words = {"count": str(len(problems))}
        yield Result("fail", (), "改进措施", "未提供", words, statements=problems[:MOST_SHOWN])
