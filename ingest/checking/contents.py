"""What a report has to contain and where rules look for it: chapters by their words, and words anywhere in the text."""

from __future__ import annotations

import re
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
    found = []
    for index, (paragraph, level) in enumerate(zip(paragraphs, levels, strict=True)):
        title = paragraph.heading.strip()
        if level >= contents()["chapter_levels"] or not sought("chapter").search(title):
            continue
        following = (
            p.start for p, other in zip(paragraphs[index + 1 :], levels[index + 1 :], strict=True) if other <= level
        )
        end = next(following, len(case.text))
        behind = case.text.index(title, paragraph.start) + len(title)
        body = case.text[behind:end].strip(" \n。:")
        found.append(Chapter(title, section_kind(title), paragraph.start, body))
    titles = [chapter.title for chapter in found]
    return [chapter for chapter in found if titles.count(chapter.title) == 1]


def _level(paragraph: Paragraph) -> int:
    """The level of the number that a paragraph begins with; below all levels where it has none."""
    return next((level for level, mark in enumerate(LEVELS) if mark.match(paragraph.text)), len(LEVELS))
