"""The gate: an answer counts only where its words, its number and its consequences hold. Everything is recomputed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.checking.identities import identities_of
from ingest.documents import Document
from ingest.reading.claims import Claim, measured
from ingest.reading.lexer import Token, tokens_of
from ingest.reading.normalise import FOLDED, normalise
from ingest.second_reader.answers import Answer
from ingest.second_reader.prompt import Vocabulary, asked_of

FIGURES = ("quantity", "rank")
# An identity by its kind and the numbers of its claims.
Failures = frozenset[tuple[str, frozenset[int]]]


@dataclass(frozen=True)
class Evidence:
    """Where the quotation stands in the document's text; `relocated`: not where the answer said."""

    start: int
    end: int
    relocated: bool


class Refused(Exception):
    """An answer that does not count; `reason` is one of the refusals in `votes.py`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def evidence_of(answer: Answer, claim: Claim, text: str) -> Evidence:
    """The quotation, found in the text, with the claim's own number in it. Raises `Refused`."""
    evidence = _located(answer, text)
    figure = claim.figure
    if not (evidence.start <= figure[0] and figure[1] <= evidence.end):
        raise Refused("other_figure")
    token = _token(text[evidence.start : evidence.end], figure[0] - evidence.start, figure[1] - evidence.start)
    if token is None or not _reads_as(token, claim, text):
        raise Refused("number_differs")
    if claim.value is None or abs(answer.value) != abs(claim.value):
        raise Refused("number_differs")
    if answer.unit.translate(FOLDED) != claim.unit:
        raise Refused("unit_differs")
    return evidence


def check_words(answer: Answer, claim: Claim, vocabulary: Vocabulary) -> None:
    """Raises `Refused` where the votes are not among the words that were offered, or cannot be of this figure."""
    if answer.role not in asked_of(claim)["roles"]:
        raise Refused("unknown_role")
    subjects = vocabulary.of(claim)
    if not subjects or answer.subject is None or answer.subject == claim.subject:
        return
    if answer.subject not in subjects:
        raise Refused("unknown_subject")
    needed = subjects[answer.subject].unit_family
    if claim.kind == "indicator" and needed and needed != claim.unit_family:
        raise Refused("unit_family_differs")


def check_identities(
    claim: Claim, role: str, subject: str | None, claims: Sequence[Claim], parents: Mapping[str, str], before: Failures
) -> None:
    """Raises `Refused` where an identity would fail that did not before, were the votes true."""
    changed = replace(claim, role=role, subject=subject)
    after = failures_of([changed if one.number == claim.number else one for one in claims], parents)
    if after - before:
        raise Refused("breaks_identity")


def failures_of(claims: Collection[Claim], parents: Mapping[str, str]) -> Failures:
    """The identities that fail."""
    identities = identities_of(list(claims), parents)
    return frozenset((one.kind, frozenset(c.number for c in one.claims)) for one in identities if not one.holds)


def _located(answer: Answer, text: str) -> Evidence:
    """The quotation where the answer says, or else where it stands once."""
    quote = answer.quote
    if not quote.strip():
        raise Refused("quote_not_found")
    if answer.start >= 0 and text.startswith(quote, answer.start):
        return Evidence(answer.start, answer.start + len(quote), relocated=False)
    found = text.find(quote)
    if found < 0:
        raise Refused("quote_not_found")
    if text.find(quote, found + 1) >= 0:
        raise Refused("quote_ambiguous")
    return Evidence(found, found + len(quote), relocated=True)


def _token(words: str, start: int, end: int) -> Token | None:
    """What our own lexer reads at a place of these words alone.

    Behind a comma: at the beginning of a line 86.2 would be the mark of a heading.
    """
    regular = normalise(Document("text/plain", f"，{words}"))
    for token in tokens_of(regular.text):
        first, last = regular.span(token.start, token.end)
        if token.kind in FIGURES and first < end + 1 and start + 1 < last:
            return token
    return None


def _reads_as(token: Token, claim: Claim, text: str) -> bool:
    """Whether a figure read from a quotation is the claim's, in value and unit. The direction may stand in words.

    A unit may stand elsewhere (in a table's head, behind the last figure of a row), but only where it does so for the
    claim as well.
    """
    read = measured(token, money_near=False)
    values = [(read["value"], claim.value), (read["value_high"], claim.value_high)]
    if any(abs(one or 0) != abs(other or 0) for one, other in values):
        return False
    if read["unit"] == claim.unit:
        return True
    own = _token(text[claim.figure[0] : claim.figure[1]], 0, claim.figure[1] - claim.figure[0])
    return not read["unit"] and own is not None and not own.unit
