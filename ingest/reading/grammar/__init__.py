"""The grammar: words and patterns as data, each row with an id that is stored on the claim it made."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

# How many lookups of words are remembered: those of a few documents.
LOOKUPS = 20_000
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Words:
    """One row of words with an id and what it says."""

    id: str
    words: tuple[str, ...]
    says: dict[str, Any]

    def longest_in(self, text: str) -> tuple[int, int]:
        """Length and last position of the longest of the words in `text`; length 0 when none stands there."""
        found = [(len(word), text.rfind(word)) for word in self.words if word in text]
        return max(found, default=(0, -1))


@dataclass(frozen=True)
class Alias:
    """A surface of an indicator, with the unit family that a figure must have to be read as it."""

    surface: str
    indicator_key: str
    unit_family: str


@dataclass(frozen=True)
class Unit:
    """A unit as written: what it is a multiple of, and its family."""

    multiplier: Decimal
    base: str
    family: str


@cache
def load(name: str) -> Any:
    """One YAML file of the grammar."""
    return _joined(yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8")))


def _joined(data: Any) -> Any:
    """The same with each pattern that is written as its alternatives (`any`, between `before` and `behind`) as one."""
    if isinstance(data, list):
        return [_joined(one) for one in data]
    if not isinstance(data, dict):
        return data
    if "any" in data:
        return f"{data.get('before', '')}{'|'.join(data['any'])}{data.get('behind', '')}"
    return {key: _joined(one) for key, one in data.items()}


@cache
def version() -> str:
    """The grammar's version: the first characters of the digest of all its files."""
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*.yaml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def words_of(name: str, section: str) -> tuple[Words, ...]:
    """The rows of words under `section` of a grammar file, in their order."""
    return tuple(
        Words(
            row.get("id", row.get("section", "")),
            tuple(row["words"]),
            {k: v for k, v in row.items() if k not in ("id", "words")},
        )
        for row in (load(name)[section] if section else load(name))
    )


@lru_cache(maxsize=LOOKUPS)
def best_of(name: str, section: str, text: str) -> Words | None:
    """`best` among the rows of a section of a grammar file, remembered: the same words are asked about many times."""
    return best(words_of(name, section), text)


@lru_cache(maxsize=LOOKUPS)
def aliases_in(text: str, reference: Path) -> tuple[Alias, ...]:
    """The aliases that stand in a text, longest first."""
    return tuple(alias for alias in aliases(reference) if alias.surface in text)


def best(rows: tuple[Words, ...], text: str) -> Words | None:
    """The row whose longest word in `text` is longest; of equals, the one that stands last."""
    found = [(row.longest_in(text), -index, row) for index, row in enumerate(rows)]
    top = max(found, key=lambda item: item[:2], default=None)
    return top[2] if top and top[0][0] else None


@cache
def units() -> dict[str, Unit]:
    """Every unit as it may be written (multiplier and base), for example 万美元."""
    data = load("units")
    table = {word: Unit(1 / Decimal(parts), "ratio", "ratio") for word, parts in data["ratios"].items()}
    for family, bases in data["bases"].items():
        for base in bases:
            table.setdefault(base, Unit(Decimal(1), base, family))
            if family in ("score", "duration", "multiple", "temperature"):
                continue
            for word, factor in data["multipliers"].items():
                table.setdefault(word + base, Unit(Decimal(factor), base, family))
    return table | {word: Unit(Decimal(data["multipliers"][word]), "", "") for word in data["alone"]}


@cache
def unit_of(surface: str) -> Unit:
    """The unit as written, also one that is counted for something (万元/户). An unknown one is its own base."""
    whole, slash, per = surface.partition("/")
    known = units().get(surface)
    if known is None and slash and whole in units():
        of_whole = units()[whole]
        return Unit(of_whole.multiplier, f"{of_whole.base}/{per}", "per_unit")
    return known or Unit(Decimal(1), surface, "")


@cache
def read_table(path: Path) -> tuple[dict[str, str], ...]:
    """A reference table (CSV with a header)."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return tuple(csv.DictReader(stream))


@cache
def aliases(reference: Path) -> tuple[Alias, ...]:
    """Surfaces of indicators, longest first."""
    rows = read_table(reference / "indicator_aliases.csv")
    found = [Alias(row["surface"], row["indicator_key"], row["unit_family"]) for row in rows]
    return tuple(sorted(found, key=lambda alias: (-len(alias.surface), alias.surface)))


@cache
def categories(reference: Path) -> tuple[Words, ...]:
    """Budget categories by their names and other words for them, for the words before an amount."""
    names: dict[str, list[str]] = {}
    for row in read_table(reference / "budget_categories.csv"):
        names.setdefault(row["category"], []).append(row["name_zh"])
    for row in read_table(reference / "budget_category_aliases.csv"):
        names[row["category"]].append(row["surface"])
    return tuple(Words(category, tuple(words), {}) for category, words in names.items() if category != "total")


@cache
def named(name: str, key: str) -> re.Pattern[str]:
    """The pattern that stands under `key` of a grammar file, compiled."""
    return re.compile(load(name)[key])


@cache
def pattern(text: str) -> re.Pattern[str]:
    """A compiled pattern of the grammar."""
    return re.compile(text)
