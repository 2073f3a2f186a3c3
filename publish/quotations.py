"""The words that a figure or a finding rests on, and where they stand in the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# A sentence longer than this is shown around its quotation only, with this many characters on either side.
LONGEST_SENTENCE = 260
AROUND = 90


@dataclass(frozen=True)
class Quotation:
    """Pieces of a sentence in order, each with whether it is the quotation, and where it stands.

    `place` is the line, paragraph or cell of the file, `section` the headings above; the span counts characters of the
    archived text. A passage, for which no claim stands, has its section and its words alone.
    """

    pieces: tuple[tuple[str, bool], ...]
    section: str | None
    place: str | None = None
    claim_id: str | None = None
    span: tuple[int, int] | None = None
    verification: str | None = None

    @property
    def text(self) -> str:
        """The quoted words alone."""
        return next((piece for piece, is_quote in self.pieces if is_quote), "")


def quotation(claim: dict[str, Any] | None) -> Quotation | None:
    """The quotation of a claim row, or None when the fact names no claim."""
    if claim is None:
        return None
    return Quotation(
        pieces=_pieces(claim.get("sentence"), claim["quote"]),
        section=claim.get("section_path"),
        place=claim.get("place"),
        claim_id=claim["claim_id"],
        span=(claim["span_start"], claim["span_end"]),
        verification=claim["verification"],
    )


def of_statement(row: dict[str, Any]) -> Quotation:
    """The quotation of a statement without a figure."""
    return Quotation(((row["quote"], True),), None, row["place"], span=(row["span_start"], row["span_end"]))


def of_passage(passage: dict[str, Any]) -> Quotation:
    """The words that a finding is about where neither claim nor statement stands for them."""
    return Quotation(((passage["quote"], True),), passage["section_path"])


def _pieces(sentence: str | None, quote: str) -> tuple[tuple[str, bool], ...]:
    """Every occurrence of the quote is marked: the sentence's own place is not stored, so none is preferred."""
    if not quote or not sentence or quote not in sentence:
        return ((quote, True),)
    shown = _window(sentence, quote)
    pieces: list[tuple[str, bool]] = []
    for position, part in enumerate(shown.split(quote)):
        if position:
            pieces.append((quote, True))
        if part:
            pieces.append((part, False))
    return tuple(pieces)


def _window(sentence: str, quote: str) -> str:
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    at = sentence.index(quote)
    start, end = max(0, at - AROUND), min(len(sentence), at + len(quote) + AROUND)
    return ("…" if start else "") + sentence[start:end] + ("…" if end < len(sentence) else "")
