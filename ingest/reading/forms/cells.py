"""What stands in one cell: its words made regular, its figures with their spans, or a word that is a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache

from ingest.documents import Cell
from ingest.reading import grammar
from ingest.reading.lexer import NUMBER, Token, tokens_of
from ingest.reading.normalise import FOLDED, mask_personal_data

Row = tuple[Cell, ...]

THOUSANDS = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
MARKS = re.compile(r"[，,；;。、\n]")
NOTE = re.compile(r"\(([^()]*)\)")
QUOTES_AND_MARKS = re.compile(r"[\s“”\"'‘’「」《》*＊★☆▲●:：、。]|[\u2460-\u2473]")
LEADING_YEAR = re.compile(r"^(?:19|20)\d{2}年度?")
LEADING_NUMBER = re.compile(r"^(?:\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,3}[、.．]|[-－—])+")
# A longer cell is a sentence, not a value with a few words around it.
LONGEST_VALUE = 24


@dataclass(frozen=True)
class Figure:
    """A figure of a cell. `start` and `end` are code points of the document that quote it, `own` those of the figure
    itself; `before` are the words since the figure before it; `year` and `months` what the cell said of its period.
    """

    token: Token
    start: int
    end: int
    own: tuple[int, int]
    before: str
    year: int | None = None
    months: tuple[int, int] | None = None


def as_seen(cell: Cell, text: str) -> Cell:
    """The cell with the words that the document has at its span, where personal data are masked already."""
    seen = text[cell.start : cell.end]
    same = len(seen) == len(cell.text) or "".join(seen.split()) == "".join(cell.text.split())
    return Cell(seen if same else mask_personal_data(cell.text), cell.start, cell.end)


def distinct(row: Sequence[Cell]) -> list[Cell]:
    """The cells of a row, each merged one once."""
    return list(dict.fromkeys(row))


def regular(text: str) -> tuple[str, list[int]]:
    """Text with full-width forms folded and white space dropped, and the offset of each character in `text`."""
    folded = THOUSANDS.sub(",", text.translate(FOLDED))
    kept: list[int] = []
    for index, character in enumerate(folded):
        if not character.isspace():
            kept.append(index)
    characters: list[str] = []
    offsets: list[int] = []
    for position, index in enumerate(kept):
        before = kept[position - 1] if position else index
        if index - before > 1 and _is_word(folded[before]) and _is_word(folded[index]):
            characters.append(" ")
            offsets.append(before + 1)
        characters.append(folded[index])
        offsets.append(index)
    return "".join(characters), offsets


@lru_cache(maxsize=8192)
def label_of(text: str) -> str:
    """The words of a header or label, without notes, numbers, years and marks, so that equal ones compare equal."""
    words = "".join(text.translate(FOLDED).split())
    for _ in range(2):
        words = NOTE.sub("", words)
    words = LEADING_NUMBER.sub("", words.partition("(")[0])
    return LEADING_YEAR.sub("", QUOTES_AND_MARKS.sub("", words))


@lru_cache(maxsize=8192)
def unit_in_notes(text: str) -> str:
    """The unit that a note in brackets gives a header or a name: 年初预算数（万元）, 新建公路（公里）."""
    notes = NOTE.findall("".join(text.translate(FOLDED).split()))
    units = (note.rpartition(":")[2] for note in reversed(notes))
    return next((unit for unit in units if unit in grammar.units()), "")


def figures_of(cell: Cell) -> Iterator[Figure]:
    """All figures of a cell in order. A cell that holds one figure and no other digit is quoted whole."""
    text, offsets = regular(cell.text)
    tokens = [token for token in _tokens(text) if not _in_noise(cell.text, offsets, token)]
    counted = [token for token in tokens if token.kind in ("quantity", "rank")]
    alone = len(counted) == 1 and not _digits_outside(text, counted[0])
    year, months, previous, edge = None, None, 0, 0
    for token in tokens:
        if token.kind == "year" and token.value is not None:
            year = int(token.value)
        elif token.kind == "period":
            months = token.period
        elif token.kind in ("quantity", "rank"):
            own = _own_span(cell, offsets, token)
            start, end = (cell.start, cell.end) if alone else _with_words(cell, text[edge : token.start], own)
            before = text[previous : token.start]
            yield Figure(_with_sign(token, before), start, end, own, before, year, months)
            previous = token.end
        edge = token.end


def is_value(text: str) -> bool:
    """Whether a cell is a figure and nothing else, or a mark that stands for none."""
    words = regular(text)[0]
    if is_not_applicable(text):
        return True
    tokens = _tokens(words)
    return len(tokens) == 1 and tokens[0].kind == "quantity" and words[: tokens[0].start] in ("", "(", *_signs())


def holds_value(text: str) -> bool:
    """Whether a cell is empty, a value, or a few words around one figure."""
    words = regular(text)[0]
    return not words or is_value(text) or (len(words) <= LONGEST_VALUE and any(c.isdigit() for c in words))


def is_not_applicable(text: str) -> bool:
    """Whether a cell says that there is nothing to say, which is neither an empty cell nor a 0."""
    return text.strip() in grammar.load("forms")["not_applicable"]


def operator_in(text: str) -> str:
    """The operator that a sign column holds; empty where it holds none."""
    return _signs().get(text.strip(), "")


@cache
def noise_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The classes of digits in forms that are no figures, with their patterns."""
    return tuple((row["id"], re.compile(row["pattern"])) for row in grammar.load("forms")["noise"])


def _in_noise(text: str, offsets: list[int], token: Token) -> bool:
    """Whether a token is part of a formula, a code or the number before a name."""
    if token.id == "form.number":
        return False
    start, end = offsets[token.start], offsets[token.end - 1] + 1
    matches = (match for _, expression in noise_patterns() for match in expression.finditer(text))
    return any(match.start() <= start and end <= match.end() for match in matches)


@cache
def _signs() -> dict[str, str]:
    return {word: operator for operator, words in grammar.load("forms")["signs"].items() for word in words}


def _tokens(text: str) -> list[Token]:
    """Tokens of a regular text. A cell that is a number alone is a quantity, even when it looks like a year or code."""
    match = _pure().fullmatch(text)
    if not match:
        return tokens_of(text)
    number = (match["number"] or match["bracketed"]).replace(",", "")
    value, decimals = Decimal(number), len(number.partition(".")[2])
    operator = _signs().get(match["sign"], "=")
    start, end = match.span("number" if match["number"] else "bracketed")
    return [Token("quantity", start, end, "form.number", value, None, decimals, "", operator)]


@cache
def _pure() -> re.Pattern[str]:
    signs = "|".join(re.escape(word.translate(FOLDED)) for word in sorted(_signs(), key=len, reverse=True))
    return re.compile(rf"(?P<sign>{signs})?(?P<number>-?(?:{NUMBER}))|\((?P<bracketed>{NUMBER})\)")


def _with_sign(token: Token, before: str) -> Token:
    """The token with the operator of a sign word that stands before it, where the lexer found none."""
    if token.operator != "=":
        return token
    word = next((word for word in sorted(_signs(), key=len, reverse=True) if before.endswith(word)), "")
    return replace(token, operator=_signs()[word]) if word else token


def _digits_outside(text: str, token: Token) -> bool:
    return any(character.isdigit() for character in text[: token.start] + text[token.end :])


def _own_span(cell: Cell, offsets: list[int], token: Token) -> tuple[int, int]:
    """The code points of a figure; those of its cell where the cell's words stand elsewhere in the text."""
    if len(cell.text) != cell.end - cell.start:
        return cell.start, cell.end
    return cell.start + offsets[token.start], cell.start + offsets[token.end - 1] + 1


def _with_words(cell: Cell, before: str, own: tuple[int, int]) -> tuple[int, int]:
    """A figure with the words right before it, since the last mark or token, so that it can be read by itself."""
    words = re.search(r"[^\d，,；;。、:]*$", before[-LONGEST_VALUE:])
    if not words or len(cell.text) != cell.end - cell.start:
        return own
    start, left = own[0], len(words[0])
    while left and start > cell.start:
        start -= 1
        left -= not cell.text[start - cell.start].isspace()
    return start, own[1]


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
