"""A claim's own words: its sentence, cut where the quotation begins and ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# A sentence longer than this is shown around its quotation only, with this many characters on either side.
LONGEST_SENTENCE = 260
AROUND = 90


@dataclass(frozen=True)
class Quotation:
    """Pieces of a sentence in order, each with whether it is the quotation, and the place in the archived text."""

    claim_id: str
    pieces: tuple[tuple[str, bool], ...]
    span_start: int
    span_end: int
    section: str | None
    verification: str

    @property
    def text(self) -> str:
        """The quoted words alone."""
        return next((piece for piece, is_quote in self.pieces if is_quote), "")


def quotation(claim: dict[str, Any] | None) -> Quotation | None:
    """The quotation of a claim row, or None when the fact names no claim."""
    if claim is None:
        return None
    section = claim.get("section_path")
    return Quotation(
        claim_id=claim["claim_id"],
        pieces=_pieces(claim.get("sentence"), claim["quote"]),
        span_start=claim["span_start"],
        span_end=claim["span_end"],
        section=" / ".join(section) if isinstance(section, list) else section,
        verification=claim["verification"],
    )


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
