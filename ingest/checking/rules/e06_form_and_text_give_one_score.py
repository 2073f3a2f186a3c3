"""E06: the report's text and its score form give the same total score."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import in_points, own_form, own_totals, same_points


def check(case: Case) -> Iterator[Result]:
    """Fails when the two differ. Does not apply beside forms of projects, or where the text itself gives several."""
    told, filled = own_totals(case), own_form(case)
    agreed = told and all(same_points(told[0], one) for one in told)
    pairs = [(told[0], filled.totals["self"])] if filled and agreed else []
    yield from judged(
        (
            Result("fail", (text, form), expected=in_points(form.value), found=in_points(text.value))
            for text, form in pairs
            if not same_points(text, form)
        ),
        applies=pairs,
    )
