"""B26: the form and the text of a report give an indicator one outcome."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, quantity
from ingest.checking.restated import form_against_text


def check(case: Case) -> Iterator[Result]:
    """Fails once for each indicator whose outcome in the form is none of those in the text."""
    compared = form_against_text(case, "actual")
    failures = (
        Result("fail", (in_form, *in_text), quantity(in_form), quantity(in_text[-1]), {"name": named(in_form)})
        for in_form, in_text, agree in compared
        if not agree
    )
    yield from judged(failures, applies=compared)
