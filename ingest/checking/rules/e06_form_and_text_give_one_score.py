"""E06: the report's text and its score form give the same total score."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import forms_of, in_points, own_totals, same_points, says


def check(case: Case) -> Iterator[Result]:
    """Fails when the two differ. Does not apply beside forms of single projects, or where either has several."""
    told = own_totals(case)
    filled = [form.totals["self"] for form in forms_of(case) if "self" in form.totals]
    of_one = len(filled) == 1 and not says("of_project", case.text)
    pairs = [(told[0], filled[0])] if told and of_one and all(same_points(told[0], one) for one in told) else []
    yield from judged(
        (
            Result("fail", (text, form), expected=in_points(form.value), found=in_points(text.value))
            for text, form in pairs
            if not same_points(text, form)
        ),
        applies=pairs,
    )
