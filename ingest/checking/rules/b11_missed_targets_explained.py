"""B11: a target that was missed is spoken of: in its row, in a sentence, or among the problems."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.explanations import is_explained
from ingest.checking.outcome_words import named, quantity, says
from ingest.checking.outcomes import measured


def check(case: Case) -> Iterator[Result]:
    """Fails once for each missed target of which nothing is said; a report without problems is what C03 asks for."""
    pairs = [one for one in measured(case) if not one.is_reverse and not says("payment", one.target.surface)]
    told = case.is_form or any(one.kind == "problem" for one in case.statements)
    failures = (
        Result(
            "fail", (one.actual, one.target), quantity(one.target), quantity(one.actual), {"name": named(one.target)}
        )
        for one in pairs
        if one.falls_short and told and not is_explained((one.actual, one.target), case)
    )
    yield from judged(failures, applies=pairs and told)
