"""Reports in the words of the labelled corpus: in another place and year, every amount so many times as large.

A whole factor leaves sums, shares and rates as true, or as wrong, as they were, to the last digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from corpus.evaluate import TEXTS
from corpus.labels import Label, read_marked
from samples.model import Department, Division, Told
from samples.wording_data import bureaus, province

MONEY = {"budget", "income", "expenditure", "balance", "change"}
COUNTS = {"indicator"}
# The form of text that is a report from its title to its end.
WHOLE = "report"
RATIOS = ("%", "‰", "分", "百分点", "个百分点")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
YEAR = re.compile(r"(?<!\d)20\d{2}(?=\s*年|[.\-/]\d)")
MOST_TIMES = 9
# Where a text has to name its year, as the cover of a report does.
HEAD_CHARACTERS = 200


@dataclass(frozen=True)
class Model:
    """A text of the corpus whose department belongs to a division of one of these kinds."""

    name: str
    division: str
    bureau: str
    kinds: frozenset[str]
    fiscal_year: int
    text: str
    labels: tuple[Label, ...]


def borrowers(division: Division, count: int, position: int, taken: set[str]) -> list[Department]:
    """`count` departments that write in borrowed words, with other names than those taken, as far as texts go."""
    fitting = [row for row in models() if division.kind in row.kinds]
    functions = {row["name"]: tuple(row["functions"].split(";")) for row in bureaus()}
    made: dict[str, Department] = {}
    for step in range(len(fitting)):
        row = fitting[(position * count + step) % len(fitting)]
        if len(made) < count and row.bureau not in taken | set(made):
            does = functions.get(row.bureau, ("other",))
            made[row.bureau] = Department(division, row.bureau, does, 0, 0, writes_like=row.name)
    return list(made.values())


def borrowed_text(department: Department, fiscal_year: int, source: Random) -> tuple[list[str], list[Told]]:
    """The lines of a report in borrowed words, and every figure that it states."""
    model = next(row for row in models() if row.name == department.writes_like)
    times = {kinds: _times(model, kinds, source) for kinds in (frozenset(MONEY), frozenset(COUNTS))}
    parts: list[str] = []
    told: list[Told] = []
    position = 0
    for label in model.labels:
        parts.append(_elsewhere(model.text[position : label.start], model, department, fiscal_year))
        shown = model.text[label.start : label.end]
        factor = next((number for kinds, number in times.items() if label.kind in kinds and not _is_ratio(label)), 1)
        parts.append(_multiplied(shown, factor) if factor > 1 else shown)
        told += _told(label, factor)
        position = label.end
    parts.append(_elsewhere(model.text[position:], model, department, fiscal_year))
    return "".join(parts).splitlines(), told


@cache
def models() -> tuple[Model, ...]:
    """The texts of the corpus that are whole reports of a department whose name tells its division."""
    return tuple(_models())


def _models() -> Iterator[Model]:
    kinds_of: dict[str, set[str]] = {}
    for kind, ending in province()["endings"].items():
        kinds_of.setdefault(ending, set()).add(kind)
    place = re.compile(rf"(?P<division>[^{''.join(kinds_of)}]+[{''.join(kinds_of)}])(?P<bureau>.+)")
    for path in sorted(TEXTS.glob("*.txt")):
        text = read_marked(path)
        found = place.fullmatch(text.about["department"])
        dated = f"{text.fiscal_year}年" in text.text[:HEAD_CHARACTERS]
        if text.about.get("form") == WHOLE and dated and found and not place.fullmatch(found["bureau"]):
            kinds = frozenset(kinds_of[found["division"][-1]])
            yield Model(path.stem, found["division"], found["bureau"], kinds, text.fiscal_year, text.text, text.labels)


def _times(model: Model, kinds: frozenset[str], source: Random) -> int:
    """How many times as large the figures of these kinds are: once, where one of them is not written in digits."""
    times = source.randint(1, MOST_TIMES)
    figures = [label for label in model.labels if label.kind in kinds and not _is_ratio(label)]
    return times if all(_is_in_digits(model.text[label.start : label.end], label) for label in figures) else 1


def _is_ratio(label: Label) -> bool:
    return label.unit in RATIOS


def _is_in_digits(shown: str, label: Label) -> bool:
    numbers = [Decimal(number.replace(",", "")) for number in NUMBER.findall(shown)]
    values = [abs(value) for value in (label.value, label.value_high) if value is not None]
    return numbers == values


def _multiplied(shown: str, times: int) -> str:
    def bigger(found: re.Match[str]) -> str:
        number = Decimal(found[0].replace(",", "")) * times
        return f"{number:,}" if "," in found[0] else str(number)

    return NUMBER.sub(bigger, shown)


def _told(label: Label, times: int) -> list[Told]:
    if label.value is None:
        return []
    values = [value for value in (label.value, label.value_high) if value is not None]
    return [Told(label.kind, label.role, value * times, label.unit) for value in values]


def _elsewhere(text: str, model: Model, department: Department, fiscal_year: int) -> str:
    """Words between two figures with the place and the years of the new report."""
    moved = text.replace(model.division, department.division.short_name)
    return YEAR.sub(lambda found: str(int(found[0]) + fiscal_year - model.fiscal_year), moved)
