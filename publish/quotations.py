"""The words that a figure or a finding rests on, and where they stand in the report."""

from __future__ import annotations

from collections.abc import Iterable
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


@dataclass(frozen=True)
class Passage:
    """A sentence, or a row of a form, with every figure that was read from it.

    `pieces` are its parts in order, each with the id of the claim that it states or None; `says` what the figures are,
    in the order of their places, each as the caller named it.
    """

    pieces: tuple[tuple[str, str | None], ...]
    says: tuple[Any, ...]
    section: str | None
    places: tuple[str, ...]
    span: tuple[int, int]
    verifications: tuple[str, ...]


def passages(found: Iterable[tuple[Any, dict[str, Any] | None]]) -> list[Passage]:
    """The passages of claims, each claim given with what it says, in the order in which they are first named. Claims of
    one sentence come together as long as their words can be told apart in it.
    """
    says: dict[str, list[Any]] = {}
    groups: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for what, claim in found:
        if claim is not None:
            own = None if claim.get("sentence") else claim["claim_id"]
            said = says.setdefault(claim["claim_id"], [])
            said.extend([what] if what not in said else [])
            groups.setdefault((claim.get("sentence"), claim.get("section_path"), own), {})[claim["claim_id"]] = claim
    return [passage for group in groups.values() for passage in _together(list(group.values()), says)]


def _together(claims: list[dict[str, Any]], says: dict[str, list[Any]]) -> list[Passage]:
    ordered = sorted(claims, key=lambda claim: (claim["span_start"], claim["span_end"], claim["claim_id"]))
    laid = _laid(ordered)
    if laid is None:
        return [one for claim in ordered for one in _together([claim], says)]
    return [
        Passage(
            pieces=laid,
            says=tuple(what for claim in ordered for what in says[claim["claim_id"]]),
            section=ordered[0].get("section_path"),
            places=tuple(dict.fromkeys(claim["place"] for claim in ordered if claim.get("place"))),
            span=(ordered[0]["span_start"], max(claim["span_end"] for claim in ordered)),
            verifications=tuple(dict.fromkeys(claim["verification"] for claim in ordered)),
        )
    ]


def _laid(claims: list[dict[str, Any]]) -> tuple[tuple[str, str | None], ...] | None:
    """The sentence of these claims cut at their words; None where their words overlap. One claim can always be laid."""
    sentence, quotes = claims[0].get("sentence") or "", [claim["quote"] for claim in claims]
    starts, reached = [], 0
    for quote in quotes:
        at = sentence.find(quote, reached) if quote else -1
        if at < 0:
            return ((quotes[0], claims[0]["claim_id"]),) if len(claims) == 1 else None
        starts.append(at)
        reached = at + len(quote)
    start, end = (0, len(sentence)) if len(sentence) <= LONGEST_SENTENCE else _shown(sentence, starts[0], reached)
    pieces: list[tuple[str, str | None]] = [(("…" if start else "") + sentence[start : starts[0]], None)]
    for at, quote, claim, following in zip(starts, quotes, claims, [*starts[1:], end], strict=True):
        pieces += [(quote, claim["claim_id"]), (sentence[at + len(quote) : following], None)]
    pieces.append(("…" if end < len(sentence) else "", None))
    return tuple(piece for piece in pieces if piece[0])


def _shown(sentence: str, first: int, last: int) -> tuple[int, int]:
    return max(0, first - AROUND), min(len(sentence), last + AROUND)


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
    start, end = _shown(sentence, at, at + len(quote))
    return ("…" if start else "") + sentence[start:end] + ("…" if end < len(sentence) else "")
