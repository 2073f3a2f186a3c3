"""What a report has to contain and where rules look for it: chapters by their words, and words anywhere in the text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.checking.case import Case
from ingest.checking.soft.targets import section_kind
from ingest.reading.claims import ORIGIN_TEXT
from ingest.reading.sections import LEVELS, Paragraph


@cache
def contents() -> dict[str, Any]:
    """Words and patterns of the rules on contents (`contents.yaml`)."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("contents.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def sought(name: str) -> re.Pattern[str]:
    """A pattern of the contents by its name."""
    return re.compile(contents()["patterns"][name])


def is_running_text(case: Case) -> bool:
    """Whether the report is typed text without a form, so that words that are not found are really missing.

    The cells of a form are no part of a case's text, and of a scan some words may not have been recognised.
    """
    return not case.is_form and all(claim.origin == ORIGIN_TEXT for claim in case.claims)


def says(case: Case, name: str) -> bool:
    """Whether the text holds words of a pattern."""
    return sought(name).search(case.text) is not None


def has_chapter(case: Case, *sections: str) -> bool:
    """Whether a heading announces one of these kinds of sections."""
    return not case.sections.isdisjoint(sections)


@dataclass(frozen=True)
class Chapter:
    """A heading (一、 or (一)) that announces a kind of section, where it stands, and all that stands under it."""

    title: str
    section: str
    start: int
    body: str


def chapters_of(case: Case) -> list[Chapter]:
    """The chapters of a text in their order; a title that stands twice (in a list of contents too) is left out."""
    paragraphs = case.paragraphs
    levels = [_level(paragraph) for paragraph in paragraphs]
    titles = Counter(paragraph.heading for paragraph, level in zip(paragraphs, levels, strict=True) if _opens(level))
    return [
        _chapter(case.text, paragraph, _end(case.text, paragraphs, levels, index))
        for index, (paragraph, level) in enumerate(zip(paragraphs, levels, strict=True))
        if _opens(level) and sought("chapter").search(paragraph.heading) and titles[paragraph.heading] == 1
    ]


def _chapter(text: str, paragraph: Paragraph, end: int) -> Chapter:
    title = paragraph.heading
    behind = text.index(title, paragraph.start) + len(title)
    return Chapter(title, section_kind(title), paragraph.start, text[behind:end].strip(" \n。:"))


def _end(text: str, paragraphs: list[Paragraph], levels: list[int], index: int) -> int:
    """Where the next heading of the same or a higher level begins."""
    following = range(index + 1, len(paragraphs))
    return next((paragraphs[other].start for other in following if levels[other] <= levels[index]), len(text))


def _opens(level: int) -> bool:
    return level < int(contents()["chapter_levels"])


def _level(paragraph: Paragraph) -> int:
    """The level of the number that a paragraph begins with; below all levels where it has none."""
    return next((level for level, mark in enumerate(LEVELS) if mark.match(paragraph.text)), len(LEVELS))
