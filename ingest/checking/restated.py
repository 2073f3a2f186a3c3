"""Figures of one indicator that a report gives more than once: in its form and in its text, in two chapters."""

from __future__ import annotations

from collections import Counter

from ingest.checking.case import Case
from ingest.checking.interval import stated
from ingest.checking.outcome_words import names_something_else, says
from ingest.checking.outcomes import EXACT, is_of_the_year, is_single, outcomes_of_the_year
from ingest.checking.pairing import chapter_of
from ingest.reading.claims import ORIGIN_FORM, Claim
from ingest.reading.names import core_of

# A shorter name (满意) may be the end of many.
LEAST_NAME = 3
Compared = tuple[Claim, list[Claim], bool]


def form_against_text(case: Case, role: str) -> list[Compared]:
    """Each figure of the form, those that the text gives the same indicator, and whether one of these is the same.

    An indicator with two rows in the form is left out: the text need not say which of them it means.
    """
    figures = [claim for claim in case.of_kind("indicator", role) if claim.subject and is_single(claim)]
    rows = [claim for claim in figures if claim.origin == ORIGIN_FORM]
    told = [claim for claim in figures if claim.origin != ORIGIN_FORM and _is_meant(claim, case)]
    count = Counter(claim.subject for claim in rows)
    found = []
    for row in rows:
        same = [claim for claim in told if _is_same_indicator(row, claim)]
        if count[row.subject] == 1 and same:
            found.append((row, same, any(stated(row).meets(stated(claim)) for claim in same)))
    return found


def outcomes_told_twice(case: Case) -> list[tuple[Claim, Claim]]:
    """The first and the last outcome of an indicator that stand in two chapters under one name."""
    found = []
    for claims in outcomes_of_the_year(case).values():
        sure = [claim for claim in claims if claim.operator == "=" and claim.confidence == 1]
        chapters = {chapter_of(claim) for claim in sure}
        names = {core_of(claim.surface) for claim in sure}
        if len(chapters) == len(sure) > 1 and len(names) == 1:
            found.append((sure[0], sure[-1]))
    return found


def _is_meant(claim: Claim, case: Case) -> bool:
    exact = claim.role == "target" or (claim.operator in EXACT and not says("some", claim.quote))
    return exact and is_of_the_year(claim, case) and not names_something_else(claim)


def _is_same_indicator(row: Claim, claim: Claim) -> bool:
    short, long = sorted((core_of(row.surface), core_of(claim.surface)), key=len)
    alike = short == long or (len(short) >= LEAST_NAME and short in long)
    return alike and (row.subject, row.unit_base) == (claim.subject, claim.unit_base)
