"""Text made regular for reading, with a map back to every code point of the source.

Personal data are masked first, so that no later step can quote them. Full-width forms are folded, white space between
Chinese characters is dropped, and lines that a page break cut apart are joined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.documents import Document
from ingest.reading import grammar

MASK = "█"
HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}(?:[.．](?!\d)|、)|\(\d{1,2}\))"
)
LABELLED_LINE = re.compile(r"[\u4e00-\u9fff]{2,8}:")
LINE = re.compile(r"([^\n\f]*)([\n\f]|$)")
# Between columns of a line the text pauses as at a comma.
COLUMN = re.compile(r"\t+")
# A full-width comma between full-width digits in groups of three separates thousands.
WIDE_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
PAGE_NUMBER = re.compile(
    r"(?m)^[ \t\u3000]*(?:[-—–－][ ]*\d{1,3}[ ]*[-—–－]|\d{1,3}/\d{1,3}"
    r"|第[ ]*\d{1,3}[ ]*页(?:[ ]*[,，/]?[ ]*共[ ]*\d{1,3}[ ]*页)?)[ \t\u3000]*$"
)
RUN = re.compile(r"\S+")
TERMINAL = "。；！？：;!?:"
# A line this short that begins like a heading is one, even where no full stop ends it.
SHORT_HEADING = 22
# Full-width forms and look-alikes, one character each, so that offsets stay.
FOLDED = str.maketrans("％﹪～〜∼－–—（）：　〔〕．＋＞", "%%~~~---(): [].+>")
FOLDED |= {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}


@dataclass(frozen=True)
class Normalised:
    """Regular text; `offsets[i]` is the code point of the source that character `i` came from; `skipped` are spans of
    the source that are no text of the report (page numbers).
    """

    text: str
    offsets: tuple[int, ...]
    skipped: tuple[tuple[int, int], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source's span of the characters from `start` up to `end`."""
        return self.offsets[start], self.offsets[end - 1] + 1


# The narrative and the forms of one document are masked one after the other.
@lru_cache(maxsize=1)
def mask_personal_data(text: str) -> str:
    """Replace names and numbers of people by a mask of equal length."""
    for expression in _personal_patterns():
        text = expression.sub(_mask_group, text)
    return text


def personal_data_in(text: str) -> dict[str, int]:
    """How many numbers and addresses of people stand in a text without a label, by their kind.

    Labelled ones (联系电话: ...) belong on a report's cover.
    """
    for expression in _personal_patterns()[: -len(_unlabelled())]:
        text = expression.sub(_mask_group, text)
    found = {name: sum(1 for _ in expression.finditer(text)) for name, expression in _unlabelled().items()}
    return {name: count for name, count in found.items() if count}


def normalise(document: Document) -> Normalised:
    """The narrative of a document: without table cells, personal data masked, one paragraph a line."""
    text = _without_tables(mask_personal_data(document.text), document)
    characters: list[str] = []
    offsets: list[int] = []
    text, skipped = _without_page_numbers(text)
    for start, end in _paragraphs(text):
        if characters:
            characters.append("\n")
            offsets.append(start)
        _append_paragraph(text, start, end, characters, offsets)
    return Normalised("".join(characters), tuple(offsets), tuple(skipped))


@cache
def _personal_patterns() -> tuple[re.Pattern[str], ...]:
    data = grammar.load("personal_data")
    labelled = [
        re.compile(
            rf"(?:{'|'.join(sorted(row['labels'], key=len)[::-1])})[\s（(签章名字）)]*[:：\t]\s*({row['value']})"
        )
        for row in data["labelled"]
    ]
    return (*labelled, *_unlabelled().values())


@cache
def _unlabelled() -> dict[str, re.Pattern[str]]:
    return {row["id"]: re.compile(f"({row['value']})") for row in grammar.load("personal_data")["anywhere"]}


def _mask_group(match: re.Match[str]) -> str:
    start, end = match.start(1) - match.start(), match.end(1) - match.start()
    whole = match[0]
    return whole[:start] + MASK * (end - start) + whole[end:]


def _without_tables(text: str, document: Document) -> str:
    """Table cells become line ends: the form reader takes them, the narrative must not run through them."""
    characters = list(text)
    for table in document.tables:
        for cell in {cell for row in table.rows for cell in row}:
            characters[cell.start : cell.end] = "\n" * (cell.end - cell.start)
    return "".join(characters)


def _without_page_numbers(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Lines that hold nothing but a page's number become empty, so that a sentence runs on over them."""
    skipped = [match.span() for match in PAGE_NUMBER.finditer(text)]
    return PAGE_NUMBER.sub(lambda match: " " * len(match[0]), text), skipped


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of paragraphs: lines, with those joined that a page or line break cut apart."""
    spans: list[tuple[int, int]] = []
    position = 0
    previous, in_cell = "", False
    for line, mark in LINE.findall(text):
        start, end = position, position + len(line)
        position = end + len(mark)
        folded = "".join(line.translate(FOLDED).split())
        if not folded:
            continue
        if spans and not in_cell and "\t" not in line.strip() and not _breaks(previous, folded):
            spans[-1] = (spans[-1][0], end)
            # Only how it begins and ends is asked about: kept short, so that work grows linearly with any text.
            previous = (previous[:-1] + folded)[: SHORT_HEADING + 1] + folded[-1]
        else:
            spans.append((start, end))
            previous = folded[: SHORT_HEADING + 1] + folded[-1]
        in_cell = "\t" in line.strip()
    return spans


def _breaks(previous: str, following: str) -> bool:
    if previous[-1] in TERMINAL or HEADING.match(following) or LABELLED_LINE.match(following):
        return True
    return bool(HEADING.match(previous)) and len(previous) <= SHORT_HEADING and "。" not in previous


def _append_paragraph(text: str, start: int, end: int, characters: list[str], offsets: list[int]) -> None:
    folded = WIDE_COMMA.sub(",", text[start:end]).translate(FOLDED)
    folded = COLUMN.sub(lambda match: "，" + "\t" * (len(match[0]) - 1), folded)
    before = 0
    for match in RUN.finditer(folded):
        if before and _is_word(folded[before - 1]) and _is_word(match[0][0]):
            characters.append(" ")
            offsets.append(start + before)
        characters.extend(match[0])
        offsets.extend(range(start + match.start(), start + match.end()))
        before = match.end()


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
