"""B30: a target that is a figure has an outcome that is a figure, not a word (完成)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, quantity, says
from ingest.checking.outcomes import rows_of_forms


def check(case: Case) -> Iterator[Result]:
    """Fails once for each row of a form with a figure to reach and a word for what was reached."""
    rows = [(target, actual) for target, actual in rows_of_forms(case) if target.value is not None]
    failures = (
        Result("fail", (actual, target), quantity(target), actual.value_text or "", {"name": named(target)})
        for target, actual in rows
        if actual.value is None and says("worded", actual.value_text or "")
    )
    yield from judged(failures, applies=rows)
