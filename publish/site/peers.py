"""A division against its league: each part of its score and each main rate, beside the median and quartiles."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from publish.data import PARTS, Edition, Row, rows
from publish.warehouse import opened, tables

Key = tuple[Any, ...]
# From so many values on a league has quartiles; of fewer they would be single divisions.
LEAST_FOR_QUARTILES = 4
FULL = Decimal(100)

# Each rate with the columns of measure_department that it is the quotient of, summed over departments.
RATES = {
    "execution_rate": ("spent_yuan", "adjusted_budget_yuan"),
    "completion_rate": ("completion_sum", "outcomes"),
    "verified_share": ("verified_claims", "core_claims"),
    "on_time_share": ("on_time", "on_time_of"),
}
SUMS = ", ".join(f"sum({name}) AS {name}" for names in RATES.values() for name in names)
MEASURES = f"SELECT division_key, fiscal_year, {SUMS} FROM main.measure_department GROUP BY ALL"


class Peers:
    """Values of every ranked division of the shown method, by league of a province and fiscal year."""

    def __init__(self, edition: Edition) -> None:
        measures = _measures(edition.path)
        self._weights = edition.weights()
        self._own: dict[Key, Row] = {}
        self._leagues: defaultdict[Key, list[Row]] = defaultdict(list)
        for rank in edition.division_ranks:
            if rank["method_id"] == edition.method_id:
                key = rank["division_key"], rank["fiscal_year"]
                own = rank | {name: measures.get(key, {}).get(name) for name in RATES}
                self._own[key] = own
                if rank["is_ranked"]:
                    self._leagues[_league(rank)].append(own)

    def of(self, division_key: str, year: int) -> list[Row]:
        """The division's bars: its own value, its league's median and quartiles, and where they lie in percent of the
        axis. A measure that neither the division nor its league has is left out; without a league there are none.
        """
        own = self._own.get((division_key, year))
        if own is None or own["league"] is None:
            return []
        peers = self._leagues.get(_league(own), [])
        bars = [self._bar(own, peers, name) for name in ("score", *PARTS, *RATES)]
        return [bar for bar in bars if bar["value"] is not None or bar["median"] is not None]

    def _bar(self, own: Row, peers: list[Row], name: str) -> Row:
        values = sorted(row[name] for row in peers if row[name] is not None)
        enough = len(values) >= LEAST_FOR_QUARTILES
        low, high = _quartile(values, 1), _quartile(values, 3)
        full = Decimal(1) if name in RATES else self._weights.get(name, FULL)
        end = max([full, *values, own[name] or Decimal(0)])
        found = {
            "value": own[name],
            "low": low if enough else None,
            "median": median(values) if values else None,
            "high": high if enough else None,
        }
        return {
            "measure": name,
            "is_rate": name in RATES,
            "full": full,
            "peers": len(values),
            **found,
            "at": {mark: None if value is None else value / end * 100 for mark, value in found.items()},
            "at_full": full / end * 100,
        }


def _league(rank: Row) -> Key:
    return rank["province_key"], rank["fiscal_year"], rank["league"]


def _measures(edition: Path) -> dict[Key, Row]:
    with opened(edition) as con:
        if "measure_department" not in tables(con):
            return {}
        return {(row["division_key"], row["fiscal_year"]): _rates(row) for row in rows(con, MEASURES)}


def _rates(sums: Row) -> Row:
    """Quotients of sums; unknown where nothing stands below the line."""
    return {
        name: Decimal(sums[part]) / Decimal(sums[whole]) if sums[whole] and sums[part] is not None else None
        for name, (part, whole) in RATES.items()
    }


def _quartile(ordered: list[Decimal], quarter: int) -> Decimal | None:
    """The value below which a quarter or three lie: one that occurs, as `quantile_disc` has it."""
    return ordered[-(-len(ordered) * quarter // 4) - 1] if ordered else None
