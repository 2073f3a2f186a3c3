"""What people answered to questions of the review queue: appended to the lake, never changed; the latest one holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ingest.lake import Lake
from ingest.naming.candidates import KnownName, gates_crossed, known_names
from ingest.reading.grammar import read_table
from jiheng.files import key_of

TABLE = "review_answer"
# What a question asks: which indicator a figure is of; which one a growth or completion rate is of; what a figure's
# role is; which of two readers is right about a figure's role or indicator.
ASKS_INDICATOR, ASKS_RATE, ASKS_ROLE, ASKS_READER = "indicator", "rate_of", "role", "second_reader"
# What may be answered.
INDICATOR, NEW_INDICATOR, NO_INDICATOR, ROLE, REOPENED = (
    "indicator",
    "new_indicator",
    "no_indicator",
    "role",
    "reopened",
)
NAMING = (INDICATOR, NEW_INDICATOR)
ROLES = ("target", "actual", "forecast", "component", "context")
DIRECTIONS = ("positive", "reverse", "growth", "qualitative")
KEY = re.compile(r"[a-z][a-z0-9_]{2,59}")


class AnswerError(ValueError):
    """An answer that cannot be taken; the message says why and what could be said instead."""


@dataclass(frozen=True)
class Item:
    """A question of the review queue: which words, in which family of units, and what is asked about them."""

    review_item_id: str
    question: str
    surface: str
    unit_family: str


@dataclass(frozen=True)
class Answer:
    """What a person says. `answer` is an indicator's key or a role; the other fields describe a new indicator."""

    answer_kind: str
    answer: str | None = None
    name: str | None = None
    name_en: str | None = None
    category: str | None = None
    direction: str | None = None
    indicator_unit_family: str | None = None


@dataclass(frozen=True)
class Recorded:
    """The row that holds now, and whether it was landed just now or said the same before."""

    row: Mapping[str, Any]
    is_new: bool


def standing(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The latest answer to each item, rows being in the order they were landed; a reopened item has none."""
    latest = {row["review_item_id"]: row for row in sorted(rows, key=_when)}
    return {item: row for item, row in latest.items() if row["answer_kind"] != REOPENED}


def _when(row: Mapping[str, Any]) -> tuple[datetime, datetime, str]:
    return row["recorded_at"], row["answered_at"], row["answer_id"]


def record(lake: Lake, reference: Path, item: Item, answer: Answer, by: str, reason: str, moment: datetime) -> Recorded:
    """Append an answer, unless the one that holds says the same. Raises `AnswerError` for one that makes no sense."""
    if not by.strip() or not reason.strip():
        raise AnswerError("每个答复都要写明是谁、为什么 · an answer needs a name and a reason")
    with lake.alone():
        rows = lake.read(TABLE)
        holds = standing(rows).get(item.review_item_id)
        if _says_so(holds, answer):
            return Recorded(holds or {}, is_new=False)
        catalogue = Catalogue.of(reference, rows)
        catalogue.check(item, answer)
        row = asdict(item) | asdict(answer) | {
            "answer_id": key_of(*asdict(item).values(), *asdict(answer).values(), by, moment.isoformat()),
            "gates_crossed": list(catalogue.gates_crossed(item, answer)),
            "answered_by": by.strip(),
            "answered_at": moment,
            "reason": reason.strip(),
        }  # fmt: skip
        lake.land({TABLE: [row]}, moment)
    return Recorded(row, is_new=True)


def _says_so(row: Mapping[str, Any] | None, answer: Answer) -> bool:
    """Whether the answer that holds says this already; an open question is open already."""
    if row is None:
        return answer.answer_kind == REOPENED
    names_it = answer.answer_kind == INDICATOR and row["answer_kind"] in NAMING and row["answer"] == answer.answer
    return names_it or all(row[name] == value for name, value in asdict(answer).items())


@dataclass(frozen=True)
class Catalogue:
    """The indicators that are known, from the reference tables and from answers, with their wordings."""

    indicators: Mapping[str, str]
    categories: frozenset[str]
    unit_families: frozenset[str]
    names: tuple[KnownName, ...]

    @classmethod
    def of(cls, reference: Path, rows: Iterable[Mapping[str, Any]]) -> Catalogue:
        """The catalogue as the reference tables and the answers have it."""
        told = list(rows)
        listed = read_table(reference / "indicators.csv")
        made = [row for row in told if row["answer_kind"] == NEW_INDICATOR]
        official = [(row["name"], row["indicator_key"], row["unit_family"]) for row in listed]
        official += [(row["name"], row["answer"], row["indicator_unit_family"]) for row in made]
        aliases = read_table(reference / "indicator_aliases.csv")
        answered = [row for row in standing(told).values() if row["question"] == ASKS_INDICATOR]
        return cls(
            {key: name for name, key, _ in reversed(official)},
            frozenset(row["category"] for row in listed),
            frozenset(row["unit_family"] for row in read_table(reference / "unit_families.csv")),
            tuple(
                known_names(
                    official,
                    [(row["surface"], row["indicator_key"], row["unit_family"]) for row in aliases],
                    [(r["surface"], r["answer"], r["unit_family"]) for r in answered if r["answer_kind"] in NAMING],
                )
            ),
        )

    def check(self, item: Item, answer: Answer) -> None:
        """Raise `AnswerError` for an answer that does not fit its question or names what does not exist."""
        if answer.answer_kind == REOPENED:
            return
        if item.question == ASKS_READER:
            if answer.answer_kind == NEW_INDICATOR:
                raise AnswerError(
                    "这个问题要用 --role, --as, --none（维持原读数）答复 · answer with --role, --as or --none"
                )
        elif (item.question == ASKS_ROLE) != (answer.answer_kind == ROLE):
            wanted = "--role" if item.question == ASKS_ROLE else "--as, --new, --none"
            raise AnswerError(f"这个问题要用 {wanted} 答复 · this question is answered with {wanted}")
        if answer.answer_kind == ROLE and answer.answer not in ROLES:
            raise AnswerError(f"角色只能是 · a role is one of: {', '.join(ROLES)}")
        if answer.answer_kind == INDICATOR and answer.answer not in self.indicators:
            raise AnswerError(f"没有这个指标 · no such indicator: {answer.answer}{self._meant(answer.answer or '')}")
        if answer.answer_kind == NEW_INDICATOR:
            self._check_new(answer)

    def _meant(self, key: str) -> str:
        near = get_close_matches(key, self.indicators, n=3)
        return f"（可能是 perhaps: {', '.join(near)}）" if near else ""

    def _check_new(self, answer: Answer) -> None:
        if not KEY.fullmatch(answer.answer or ""):
            raise AnswerError("新指标的键用小写英文和下划线 · a new indicator's key: small letters and underscores")
        if answer.answer in self.indicators:
            raise AnswerError(f"指标已有，请用 --as · there is such an indicator, use --as: {answer.answer}")
        if not answer.name:
            raise AnswerError("新指标要有中文名称 · a new indicator needs a Chinese name: --title")
        for option, value, allowed in (
            ("--category", answer.category, self.categories),
            ("--direction", answer.direction, DIRECTIONS),
            ("--unit-family", answer.indicator_unit_family, self.unit_families),
        ):
            if value not in allowed:
                raise AnswerError(f"{option} 只能是 · is one of: {', '.join(sorted(allowed))}")

    def gates_crossed(self, item: Item, answer: Answer) -> tuple[str, ...]:
        """The gates that an answer leads across: kept with it, for whoever looks at it later."""
        if answer.answer_kind != INDICATOR:
            return ()
        names = [name for name in self.names if name.indicator_key == answer.answer]
        return gates_crossed(item.surface, item.unit_family if item.question == ASKS_INDICATOR else None, names)
