"""From the bounds of every report to the interval of every rank: the simulation over the tables of the warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from ranking import places, simulation
from ranking.chance import Integers
from ranking.simulation import Method

SCHEMA = pa.schema(
    [
        ("method_id", pa.string()),
        ("fiscal_year", pa.int32()),
        ("measure", pa.string()),
        ("unit", pa.string()),
        ("scope", pa.string()),
        ("scope_key", pa.string()),
        ("unit_key", pa.string()),
        ("rank_low", pa.int32()),
        ("rank_high", pa.int32()),
        ("points_low", pa.int64()),
        ("points_high", pa.int64()),
        ("indistinct_units", pa.int32()),
        ("indistinct_from", pa.list_(pa.string())),
    ]
)
# Of these it is told which others they cannot be told from; of departments, which are ranked by the thousand, only from
# how many.
NAMED = frozenset({"division"})
Group = tuple[Any, ...]
Draws = dict[tuple[int, str], Integers]


def intervals(tables: Mapping[str, pd.DataFrame]) -> pa.Table:
    """One row for each entry: the ranks and points that most draws lie between, and who cannot be told from it.

    `tables` holds the warehouse's tables by name: `method`, `part`, `policy`, `bound`, `member`, `median`, `entry` (see
    `dbt_project/models/intermediate/rankings/int_rank_interval.py`). Points are millionths.
    """
    rows: list[tuple[Any, ...]] = []
    for method in _methods(tables):
        own = {name: table[table["method_id"] == method.method_id] for name, table in tables.items()}
        draws = {"department": _departments(method, own["bound"])}
        draws["division"] = _divisions(method, own["member"], own["median"], draws["department"])
        for group, entries in own["entry"].groupby(
            ["province_key", "fiscal_year", "measure", "unit", "scope", "scope_key"], sort=True
        ):
            rows += _rows(method, group, entries.sort_values("unit_key"), draws[str(group[3])])
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], schema=SCHEMA)


def _methods(tables: Mapping[str, pd.DataFrame]) -> Iterable[Method]:
    row: Any
    for row in tables["method"].sort_values("method_id").itertuples():
        parts = tables["part"].query("method_id == @row.method_id").sort_values("position")
        policies = tables["policy"].query("method_id == @row.method_id").sort_values("policy")
        yield Method(
            method_id=str(row.method_id),
            seed=str(row.seed),
            draws=int(row.draws),
            weight_jitter=Decimal(str(row.weight_jitter)),
            interval_low=Decimal(str(row.interval_low)),
            interval_high=Decimal(str(row.interval_high)),
            weights=dict(zip(parts["part"], map(Decimal, map(str, parts["weight"])), strict=True)),
            policies=dict(zip(policies["policy"], map(int, policies["weight"]), strict=True)),
        )


def _departments(method: Method, bound: pd.DataFrame) -> Draws:
    """Scores of every ranked report in every draw, by year and department."""
    drawn = simulation.circumstances(method)
    bound = bound.sort_values(["fiscal_year", "department_key", "policy"])
    shape = (-1, len(method.policies), len(method.weights))
    low = bound[[f"{part}_low" for part in method.weights]].to_numpy(dtype=np.int64).reshape(shape)
    high = bound[[f"{part}_high" for part in method.weights]].to_numpy(dtype=np.int64).reshape(shape)
    reports = bound[["fiscal_year", "department_key"]].drop_duplicates().itertuples(index=False)
    return {
        (int(year), str(key)): simulation.report_scores(method, drawn, f"{key}|{year}", low[at], high[at])
        for at, (year, key) in enumerate(reports)
    }


def _divisions(method: Method, member: pd.DataFrame, median: pd.DataFrame, departments: Draws) -> Draws:
    """Scores of every division in every draw, by year and division; without a middle score of its league nobody in it
    has one, and it is left out.
    """
    by = ["province_key", "fiscal_year", "league"]
    middles: dict[Any, int] = {key: int(rows["median_millionths"].iloc[0]) for key, rows in median.groupby(by)}
    scores: Draws = {}
    key: Any
    for key, members in member.dropna(subset=["league"]).groupby([*by, "division_key"], sort=True):
        province, year, league, division = key
        if (province, year, league) in middles:
            middle = middles[province, year, league]
            scores[int(year), str(division)] = simulation.mean_scores(
                [
                    departments[year, name]
                    if (year, name) in departments
                    else simulation.missing_scores(method, f"{name}|{year}", middle)
                    for name in sorted(members["department_key"])
                ]
            )
    return scores


def _rows(method: Method, group: Group, entries: pd.DataFrame, draws: Draws) -> Iterable[tuple[Any, ...]]:
    """The rows of one group: units that are ranked against each other."""
    _, year, measure, unit, scope, scope_key = group
    keys = [str(key) for key in entries["unit_key"]]
    scores = np.stack([draws[int(year), key] for key in keys])
    if measure == "improvement":
        scores -= np.stack([draws[int(year) - 1, str(key)] for key in entries["key_before"]])
    found = places.standing(scores, method.interval_low, method.interval_high, named=unit in NAMED)
    points = places.ends_of(np.sort(scores, axis=1), method.interval_low, method.interval_high)
    for at, key in enumerate(keys):
        yield (
            *(method.method_id, int(year), measure, unit, scope, scope_key, key),
            *(int(found.rank_low[at]), int(found.rank_high[at]), int(points[0][at]), int(points[1][at])),
            int(found.indistinct[at]),
            [keys[other] for other in found.others[at]] if found.others is not None else None,
        )
