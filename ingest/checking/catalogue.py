"""The rule catalogue and what goes with it: parameters by place and year, and demotions that expire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from ingest.reading.grammar import read_table

LIST_MARK = ";"
# From the gravest on: P0 returns a report, P1 asks for an explanation, P2 is a note.
SEVERITIES = ("P0", "P1", "P2")
Row = Mapping[str, str]


@cache
def catalogue(reference: Path) -> dict[str, dict[str, str]]:
    """The rows of the rule catalogue (`rules.csv`) by id, in the order of the ids."""
    return {row["rule_id"]: row for row in sorted(read_table(reference / "rules.csv"), key=lambda r: r["rule_id"])}


def explanations_of(row: Row) -> tuple[str, ...]:
    """The rules whose failure on the same figures explains a failure of this one."""
    return tuple(filter(None, row["explained_by"].split(LIST_MARK)))


def in_force(rows: Mapping[str, Row], on: date | None) -> list[Row]:
    """The rules that are valid on a day; without a day, all."""
    return [row for row in rows.values() if on is None or date.fromisoformat(row["valid_from"]) <= on]


def severity_on(row: Row, demotions: Sequence[Row], on: date | None) -> str:
    """The severity of a rule on a day: the catalogue's, or a milder one that a demotion gives it until it expires.

    A demotion (`rule_demotions.csv`) never makes a rule graver, and needs a reason and a last day.
    """
    given = [
        demotion["severity"]
        for demotion in demotions
        if demotion["rule_id"] == row["rule_id"] and (on is None or on <= date.fromisoformat(demotion["until"]))
    ]
    return max([row["severity"], *given], key=SEVERITIES.index)


def parameters_for(rows: Sequence[Row], province_key: str | None, fiscal_year: int) -> dict[str, Decimal]:
    """The parameters of rules for a province and a year: its own before the general ones, the newest first."""
    valid = [
        row for row in rows if int(row["valid_from_year"]) <= fiscal_year and row["province_key"] in ("", province_key)
    ]
    by_weight = sorted(valid, key=lambda row: (row["province_key"] != "", int(row["valid_from_year"])))
    return {row["parameter"]: Decimal(row["value"]) for row in by_weight}
