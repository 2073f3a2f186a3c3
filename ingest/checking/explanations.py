"""Whether a report speaks of a target that it missed: in a sentence, in a row of a form, or among the problems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from ingest.checking.case import ALL_TARGETS, Case
from ingest.checking.outcome_words import says, shared_pairs
from ingest.reading.claims import ORIGIN_FORM, Claim
from ingest.reading.names import core_of
from ingest.reading.sections import SENTENCE_END

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A problem that has the first word of a name in it speaks of what the name means, unless it is a list of other names.
PAIR = 2
# So many Chinese characters that are neither a name nor a figure of its row are a reason.
LEAST_REASON = 5
# A name of which this share of the pairs of characters stands in a sentence is spoken of there.
LEAST_SHARED = Fraction(1, 2)


def is_explained(claims: Iterable[Claim], case: Case) -> bool:
    """Whether the report says of one of these figures, or of missed targets as such, that they were missed or why."""
    problems = [one for one in case.statements if one.kind == "problem"]
    if any(says("general_explanation", one.quote) for one in problems):
        return True
    told = [*_explaining(case.text), *(one.quote for one in problems)]
    return any(
        _is_told(claim, case)
        or any(speaks_of(claim, words) for words in told)
        or any(claim.surface[:PAIR] in one.quote for one in problems if one.topic != ALL_TARGETS)
        for claim in claims
    )


@lru_cache(maxsize=4)
def _explaining(text: str) -> tuple[str, ...]:
    return tuple(words for words in SENTENCE_END.split(text) if says("explanation", words))


def speaks_of(claim: Claim, words: str) -> bool:
    """Whether the words name what a figure counts, or most of its name."""
    return shared_pairs(core_of(claim.surface), words) >= LEAST_SHARED


def _is_told(claim: Claim, case: Case) -> bool:
    """Whether the claim's own sentence explains; a row of a form does where words are left beside names and figures."""
    if claim.origin != ORIGIN_FORM:
        return says("explanation", claim.sentence) or says("explanation", claim.section_path)
    row = [one for one in case.claims if one.sentence == claim.sentence and one.origin == ORIGIN_FORM]
    known = {words for one in row for words in (one.quote, one.surface, *one.section_path.split(" > "))}
    left = claim.sentence
    for words in sorted(filter(None, known), key=len, reverse=True):
        left = left.replace(words, "")
    return len(CHINESE.findall(left)) >= LEAST_REASON
