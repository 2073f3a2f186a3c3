"""The text itself: numbers of headings, announced numbers of them, and how the department speaks of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.checking.case import Case
from ingest.checking.observation import Observation, observed, pattern, settings
from ingest.reading.sections import LEVELS

Heading = tuple[int, str]


def observe(case: Case) -> Iterator[Observation]:
    """Slips in the numbering of a narrative, and names for itself that are another kind of department's."""
    if not case.is_form:
        yield from _numbering(case)
    yield from _names_for_itself(case)


def _numbering(case: Case) -> Iterator[Observation]:
    """Counts headings that bear the number of the one before, and announced numbers of headings that are not met."""
    lines = [line for line in case.text.split("\n") if line]
    headings = [_heading(line) for line in lines]
    slips = [*_repeated(headings), *_announced_otherwise(lines, headings)]
    if slips:
        yield observed("numbering", "structure", (), None, len(slips), "、".join(slips))


def _heading(line: str) -> Heading | None:
    """Level and number of the heading that a line begins with."""
    found = ((level, mark.match(line)) for level, mark in enumerate(LEVELS))
    return next(((level, re.sub(r"[^\w]", "", match[0])) for level, match in found if match), None)


def _repeated(headings: list[Heading | None]) -> Iterator[str]:
    latest: dict[int, str] = {}
    for level, number in filter(None, headings):
        if latest.get(level) == number:
            yield number
        latest = {higher: word for higher, word in latest.items() if higher < level} | {level: number}


def _announced_otherwise(lines: list[str], headings: list[Heading | None]) -> Iterator[str]:
    for index, line in enumerate(lines[:-1]):
        announced, first = pattern("announced").search(line), headings[index + 1]
        if announced is None or first is None:
            continue
        count, level = 0, first[0]
        for heading in filter(None, headings[index + 1 :]):
            if heading[0] < level:
                break
            count += heading[0] == level
        numerals: dict[str, int] = settings()["numerals"]
        if count != (numerals.get(announced[1]) or int(announced[1])):
            yield f"{announced[0]}{count}"


def _names_for_itself(case: Case) -> Iterator[Observation]:
    """Counts the places where a department calls itself by another kind's name (我办 in a 局)."""
    name = case.submission.department_name
    endings = sorted(settings()["self_names"].items(), key=lambda row: -len(row[0]))
    own: list[str] = next((words for ending, words in endings if name.endswith(ending)), [])
    others = [match[0] for match in pattern("self_name").finditer(case.text) if match[1] not in own]
    if own and others:
        yield observed("copy", "copy_paste", (), None, len(others), "、".join(others))
