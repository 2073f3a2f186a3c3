"""Where in a report a paragraph stands: the headings above it, and what kind of section they announce."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ingest.reading import grammar

LEVELS = (
    re.compile(r"[一二三四五六七八九十]{1,3}、"),
    re.compile(r"\([一二三四五六七八九十]{1,3}\)"),
    re.compile(r"\d{1,2}(?:[.．](?!\d)|、)"),
    re.compile(r"\(\d{1,2}\)"),
    re.compile(r"-{1,2}|[●◆■▲]"),
)
HEADING_MARK = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.．、]|[-●◆■▲]+)|[(:].*$")
SCORED_HEADING = re.compile(r"([^，。；:\d]*\d{0,2}[^，。；:\d(]{2,20})\([^)]{0,12}\d+(?:\.\d+)?分")
SENTENCE_ENDS = "。；;！!？?\n"
SENTENCE_END = re.compile(f"[{SENTENCE_ENDS}]")
LEAD_END = re.compile(r"(?<=.)[，。；:：]|(?<=[^\n])\d")
# A numbered line with a clause or a figure other than a year is a sentence, not a heading.
FIGURE_OR_CLAUSE = re.compile(r"[，；]|\d(?!\d{0,3}年)")
# A heading is the words up to the first full stop, if there are no more of them than this.
LONGEST_HEADING = 40


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its place: `start` in the normalised text, the path of headings, the kind of section."""

    start: int
    text: str
    body_start: int
    section_path: str
    section: str

    @property
    def heading(self) -> str:
        """The words of the nearest heading, without its number."""
        return HEADING_MARK.sub("", self.section_path.rpartition(" > ")[2])

    @cached_property
    def sentence_ends(self) -> tuple[int, ...]:
        """The places of the marks that end its sentences, in the normalised text."""
        return tuple(self.start + match.start() for match in SENTENCE_END.finditer(self.text))

    @property
    def lead(self) -> str:
        """The words that the paragraph opens with, up to the first mark: what it is about."""
        return LEAD_END.split(self.text, maxsplit=1)[0][:LONGEST_HEADING]


@lru_cache(maxsize=4)
def paragraphs_of(text: str) -> list[Paragraph]:
    """Paragraphs in order. The headings' words decide the section, never their numbers: numbering repeats and jumps."""
    found: list[Paragraph] = []
    path: list[tuple[int, str, str]] = []
    start = 0
    for line in text.split("\n"):
        level, title, body = _heading(line)
        if level is not None:
            path = [step for step in path if step[0] < level] + [(level, title, _kind(title))]
        names = " > ".join(step[1] for step in path)
        kind = next((step[2] for step in reversed(path) if step[2]), "")
        found.append(Paragraph(start, line, start + body, names, kind))
        start += len(line) + 1
    return found


def _heading(line: str) -> tuple[int | None, str, int]:
    """Level, words and length of the heading a line begins with; a numbered sentence is its number alone."""
    for level, mark in enumerate(LEVELS):
        match = mark.match(line)
        if not match:
            continue
        title = re.split(r"[。:]", line, maxsplit=1)[0]
        if len(title) <= LONGEST_HEADING and not FIGURE_OR_CLAUSE.search(title[match.end() :]):
            return level, title, min(len(title) + 1, len(line))
        # A heading may carry its points: 1.预算编制(2分,自评2分).
        scored = SCORED_HEADING.match(line)
        if scored:
            return level, scored[1], scored.end(1)
        return level, match[0], match.end()
    return None, "", 0


def _kind(title: str) -> str:
    rows = grammar.words_of("sections", "")
    return next((row.id for row in rows if any(word in title for word in row.words)), "")
