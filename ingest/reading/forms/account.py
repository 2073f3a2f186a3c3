"""The account of a form's digits: which are no figures, and why. What is left is neither claimed nor known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.documents import Cell
from ingest.reading.forms.cells import noise_patterns, regular
from ingest.reading.lexer import tokens_of

HEADER, COLUMN_NUMBER = "form.noise.header", "form.noise.column_number"
# What the lexer knows to be no figure, and the class that a form's account gives it.
LEXED = {"year": "noise.year", "period": "noise.period"}

Noise = tuple[int, int, str]


def noise_of(cells: Iterable[tuple[Cell, str]], claimed: Iterable[tuple[int, int]]) -> list[Noise]:
    """Spans of digits that are no figures, with their class; none lies in a claim. A cell's own class, if it has one,
    holds for all of its digits.
    """
    taken = _Taken(claimed)
    return [noise for cell, known in cells for noise in _noise_in(cell, known) if taken.free(noise[0], noise[1])]


def _noise_in(cell: Cell, known: str) -> Iterator[Noise]:
    """The stretches of one cell that are noise, in order and without overlaps."""
    if not any(character.isdigit() for character in cell.text):
        return
    if known:
        yield from _digits(cell, known)
    elif len(cell.text) == cell.end - cell.start:
        seen = cell.start
        for start, end, name in sorted(_found(cell)):
            if start >= seen:
                yield start, end, name
                seen = end


def _found(cell: Cell) -> Iterator[Noise]:
    for name, expression in noise_patterns():
        for match in expression.finditer(cell.text):
            yield cell.start + match.start(), cell.start + match.end(), name
    text, offsets = regular(cell.text)
    for token in tokens_of(text):
        name = token.id if token.kind == "noise" else LEXED.get(token.kind, "")
        if name and any(character.isdigit() for character in text[token.start : token.end]):
            yield cell.start + offsets[token.start], cell.start + offsets[token.end - 1] + 1, name


def _digits(cell: Cell, name: str) -> Iterator[Noise]:
    if len(cell.text) != cell.end - cell.start:
        yield cell.start, cell.end, name
        return
    for match in re.finditer(r"\d+(?:[.,]\d+)*", cell.text):
        yield cell.start + match.start(), cell.start + match.end(), name


class _Taken:
    """Which code points lie in claims; work grows with the claims' length, not with the text's."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._points = {point for start, end in spans for point in range(start, end)}

    def free(self, start: int, end: int) -> bool:
        """Whether no claim touches the stretch."""
        return not any(point in self._points for point in range(start, end))
