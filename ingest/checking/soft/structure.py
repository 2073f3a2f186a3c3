"""The text itself: numbers of headings, announced numbers of them, and how the department speaks of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.checking.case import Case
from ingest.checking.observation import Observation, observed, pattern, settings
from ingest.reading.sections import LEVELS

Heading = tuple[int, str]
LINE = re.compile(r".*")


@dataclass(frozen=True)
class Slip:
    """A line whose number is that of the heading before, or that announces so many headings and `counted` follow."""

    start: int
    end: int
    told: str
    counted: int | None = None

    @property
    def words(self) -> str:
        """What the line tells, with the count where one was announced."""
        return self.told if self.counted is None else f"{self.told}{self.counted}"


def observe(case: Case) -> Iterator[Observation]:
    """Slips in the numbering of a narrative, and names for itself that are another kind of department's."""
    if not case.is_form:
        yield from _numbering(case)
    yield from _names_for_itself(case)


def _numbering(case: Case) -> Iterator[Observation]:
    """Counts headings that bear the number of the one before, and announced numbers of headings that are not met."""
    slips = slips_of(case.text)
    if slips:
        yield observed("numbering", "structure", (), None, len(slips), "、".join(slip.words for slip in slips))


def slips_of(text: str) -> list[Slip]:
    """The slips in the numbering of a text: doubled numbers first, then announced ones that are not met."""
    lines = [match for match in LINE.finditer(text) if match[0]]
    headings = [_heading(line[0]) for line in lines]
    return [*_repeated(lines, headings), *_announced_otherwise(lines, headings)]


def _heading(line: str) -> Heading | None:
    """Level and number of the heading that a line begins with; a mark without a number (-, ●) is none."""
    found = ((level, mark.match(line)) for level, mark in enumerate(LEVELS))
    level, match = next(((level, match) for level, match in found if match), (0, None))
    number = re.sub(r"[^\w]", "", match[0]) if match else ""
    return (level, number) if number else None


def _repeated(lines: list[re.Match[str]], headings: list[Heading | None]) -> Iterator[Slip]:
    latest: dict[int, str] = {}
    for line, heading in zip(lines, headings, strict=True):
        if heading is None:
            continue
        level, number = heading
        if latest.get(level) == number:
            yield Slip(line.start(), line.end(), number)
        latest = {higher: word for higher, word in latest.items() if higher < level} | {level: number}


def _announced_otherwise(lines: list[re.Match[str]], headings: list[Heading | None]) -> Iterator[Slip]:
    for index, line in enumerate(lines[:-1]):
        announced, first = pattern("announced").search(line[0]), headings[index + 1]
        if announced is None or first is None:
            continue
        count, level = 0, first[0]
        for heading in filter(None, headings[index + 1 :]):
            if heading[0] < level:
                break
            count += heading[0] == level
        numerals: dict[str, int] = settings()["numerals"]
        if count != (numerals.get(announced[1]) or int(announced[1])):
            yield Slip(line.start(), line.end(), announced[0], count)


def _names_for_itself(case: Case) -> Iterator[Observation]:
    """Counts the places where a department calls itself by another kind's name (我办 in a 局)."""
    name = case.submission.department_name
    endings = sorted(settings()["self_names"].items(), key=lambda row: -len(row[0]))
    own: list[str] = next((words for ending, words in endings if name.endswith(ending)), [])
    others = [match[0] for match in pattern("self_name").finditer(case.text) if match[1] not in own]
    if own and others:
        yield observed("copy", "copy_paste", (), None, len(others), "、".join(others))
