"""The rankings of an edition against those worked out from its facts: every difference, by the unit it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ranking.recomputed.measures import Row, rows
from ranking.recomputed.tables import tables

# What tells the rows of each table apart, and the figures that are compared.
BASE = ("rank", "is_tied", "ranked_units", "score", "is_ranked", "unranked_reason")
PARTS = ("execution_score", "outcome_score", "reliability_score", "completeness_score")
COUNTED = (*PARTS, "due", "received", "accepted", "assessable", "verified_share")
RISEN = ("score_before", "improvement")
KEYS: dict[str, tuple[str, ...]] = {
    "rank_division": ("division_key",),
    "rank_department": ("function", "department_key"),
    "rank_division_scope": ("scope", "scope_key", "division_key"),
    "rank_division_improvement": ("league", "division_key"),
    "rank_department_improvement": ("function", "department_key"),
}
FIGURES: dict[str, tuple[str, ...]] = {
    "rank_division": ("league", *BASE, *COUNTED),
    "rank_department": (*BASE, *COUNTED),
    "rank_division_scope": BASE,
    "rank_division_improvement": (*BASE, *RISEN),
    "rank_department_improvement": (*BASE, *RISEN, "department_key_before"),
}
EVERYWHERE = ("method_id", "province_key", "fiscal_year")
# Tables that list who cannot be told apart from whom.
MUTUAL = {"rank_division": "league", "rank_division_scope": "scope_key"}


@dataclass(frozen=True)
class Difference:
    """One figure of one unit that does not follow from the published facts."""

    table: str
    unit: str
    figure: str
    published: Any
    recomputed: Any

    def __str__(self) -> str:
        return (
            f"{self.table} [{self.unit}] {self.figure}: 发布值 published {_shown(self.published)}, "
            f"重算值 recomputed {_shown(self.recomputed)}"
        )


def _shown(value: Any) -> str:
    return "无 none" if value is None else str(value)


def differences(folder: Path) -> tuple[list[Difference], int]:
    """What an edition's rankings say other than its facts do, and how many rows were compared.

    `folder` holds the edition's Parquet files. Raises OSError, KeyError or pyarrow's errors when they cannot be read.
    """
    found: list[Difference] = []
    compared = 0
    recomputed = tables(folder)
    for table in KEYS:
        published = rows(folder, table)
        compared += len(published)
        found += _compared(table, published, recomputed.get(table, []))
        found += _intervals(table, published)
    return found, compared


def _compared(table: str, published: Sequence[Row], recomputed: Sequence[Row]) -> Iterable[Difference]:
    ours, theirs = _by_key(table, recomputed), _by_key(table, published)
    for key in sorted(ours.keys() | theirs.keys(), key=str):
        unit = " ".join(map(str, key))
        if key not in theirs or key not in ours:
            there = key in theirs
            yield Difference(table, unit, "row", "有 there" if there else None, None if there else "有 there")
            continue
        for figure in FIGURES[table]:
            says, follows = theirs[key][figure], ours[key][figure]
            if says != follows:
                yield Difference(table, unit, figure, says, follows)
    if len(theirs) != len(published):
        yield Difference(table, "", "rows", len(published), len(theirs))


def _by_key(table: str, found: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    return {tuple(row[name] for name in (*EVERYWHERE, *KEYS[table])): row for row in found}


def _intervals(table: str, published: Sequence[Row]) -> Iterable[Difference]:
    """An interval must hold its rank and end with the group; not to be told apart is mutual."""
    for key, row in _by_key(table, published).items():
        if row["is_ranked"] and not row["rank_low"] <= row["rank"] <= row["rank_high"] <= row["ranked_units"]:
            interval = f"{row['rank_low']}-{row['rank_high']}"
            yield Difference(table, " ".join(map(str, key)), "interval", interval, f"{row['rank']}…")
    if table in MUTUAL:
        yield from _one_sided(table, published, (*EVERYWHERE, "scope") if "scope" in KEYS[table] else EVERYWHERE)


def _one_sided(table: str, published: Sequence[Row], by: Sequence[str]) -> Iterable[Difference]:
    group_of = (*by, MUTUAL[table])
    among = {
        (*(row[name] for name in group_of), row["division_key"]): set(row["indistinct_from"] or [])
        for row in published
        if row["is_ranked"]
    }
    for (*group, division), others in among.items():
        for other in sorted(others):
            if division not in among.get((*group, other), set()):
                unit = " ".join(map(str, (*group, division)))
                yield Difference(table, unit, "indistinct_from", other, None)
