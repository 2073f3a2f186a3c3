"""The words of forms as data: blocks with their columns, facts, categories. `grammar/forms.yaml` holds them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ingest.reading import grammar
from ingest.reading.forms.cells import label_of

BUDGET_STAGES = ("budget", "expenditure", "balance", "execution_rate")


@dataclass(frozen=True)
class Column:
    """What a column (or a label) announces: the kind and role of its figures; `rule` is stored on each claim."""

    id: str
    rule: str
    kind: str = ""
    role: str = ""
    unit: str = ""
    host: str = ""
    says: bool = False
    noise: str = ""
    subject: str | None = None


@dataclass(frozen=True)
class Block:
    """A part of a form that a header row opens."""

    id: str
    rows: str
    least: int
    needs: tuple[frozenset[str], ...]
    counted: frozenset[str]
    levels: tuple[str, ...]
    columns: dict[str, Column]
    by_words: dict[str, Column]


@cache
def blocks() -> tuple[Block, ...]:
    """All blocks, in the order of the grammar."""
    return tuple(_block(row) for row in grammar.load("forms")["blocks"])


@cache
def facts() -> dict[str, Column]:
    """Facts by the words of their labels."""
    found: dict[str, Column] = {}
    for row in grammar.load("forms")["facts"]:
        column = _column(row, "fact")
        found |= {label_of(word): column for word in row["words"]}
    return found


@cache
def totals() -> dict[str, Column]:
    """What a row of totals gives, by the id of the column it stands in."""
    rows = grammar.load("forms")["total_columns"]
    return {row["below"]: Column(row["id"], f"form.{row['id']}", row["kind"], row["role"], row["unit"]) for row in rows}


@cache
def stages() -> dict[str, Column]:
    """Stages of the budget (initial, adjusted, executed, rate) by their words: columns of the money block."""
    money = next(block for block in blocks() if block.id == "money")
    return {word: column for word, column in money.by_words.items() if column.kind in BUDGET_STAGES}


@cache
def stages_behind_category() -> dict[str, Column]:
    """Words that mean a stage behind a category's name only."""
    money = next(block for block in blocks() if block.id == "money")
    table = grammar.load("forms")["stage_behind_category"]
    return stages() | {word: money.columns[name] for name, words in table.items() for word in words}


@cache
def categories(reference: Path) -> dict[str, str]:
    """Budget categories by words; only keys that the reference table knows."""
    known = {row["category"] for row in grammar.read_table(reference / "budget_categories.csv")}
    found = {label_of(word): row.id for row in grammar.categories(reference) for word in row.words}
    for category, words in grammar.load("forms")["categories"].items():
        if category in known:
            found |= {label_of(word): category for word in words}
    return found


def category_named(label: str, reference: Path) -> str | None:
    """The category that a label is the name of, word for word."""
    return categories(reference).get(label) or categories(reference).get(without_clutter(label))


@lru_cache(maxsize=8192)
def category_in(label: str, reference: Path) -> str | None:
    """The category whose longest word stands in a label."""
    found = [(len(word), word, category) for word, category in categories(reference).items() if word and word in label]
    return max(found)[2] if found else None


@lru_cache(maxsize=8192)
def stage_and_category(label: str, group: str, reference: Path) -> tuple[Column, str] | None:
    """What a label such as 三公经费年初预算 is about; `group` is the category of the cells it stands among."""
    plain = without_clutter(label)
    if plain in stages() or label in stages():
        return stages().get(label) or stages()[plain], group or "total"
    for word in sorted(stages_behind_category(), key=len, reverse=True):
        rest = plain.removesuffix(word) if plain.endswith(word) else plain.removeprefix(word)
        category = group if not rest else category_named(rest, reference)
        if category and rest != plain:
            return stages_behind_category()[word], category
    return None


@cache
def total_words(which: str) -> frozenset[str]:
    """Labels of rows that sum up: `score`, `reviewed`, `in_block` or `parts`."""
    return frozenset(label_of(word) for word in grammar.load("forms")["totals"][which])


def without_clutter(label: str) -> str:
    """A label without words that change nothing (其中, 部门)."""
    for word in grammar.load("forms")["label_clutter"]:
        label = label.removeprefix(word)
    return label


def _block(row: dict[str, Any]) -> Block:
    columns = {item["id"]: _column(item, row["id"]) for item in row["columns"]}
    return Block(
        id=row["id"],
        rows=row["rows"],
        least=row["least"],
        needs=tuple(frozenset(names) for names in row.get("needs", ())),
        counted=frozenset(row.get("counted", columns)),
        levels=tuple(row.get("levels", ())),
        columns=columns,
        by_words={label_of(word): columns[item["id"]] for item in row["columns"] for word in item["words"]},
    )


def _column(row: dict[str, Any], block: str) -> Column:
    return Column(**{key: value for key, value in row.items() if key != "words"}, rule=f"form.{block}.{row['id']}")
