"""Cells for a tile map (瓦片图): each division gets a square near where it lies, so that neighbours stay so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Points = np.ndarray[Any, np.dtype[np.float64]]

COLUMNS = ("division_key", "tile_row", "tile_column")
# Names under which files of geometry keep the national code.
CODE_PROPERTIES = ("gb_code", "adcode", "code", "gb")
CODE_DIGITS = 6
# Places nearer to each other than this, in degrees, are the same: arithmetic leaves some dust.
DECIMALS = 6
# A degree in radians: squares are as wide as high, but degrees of longitude grow shorter towards the north.
DEGREE = 0.017453292519943295
# Area of the whole in squares a division, so that the coast and the gaps show; with much more it becomes ragged.
ROOM = 1.1
# How much of a place is where it lies and how much its order among all: by place alone a crowded delta would push
# everything else to the rim, by order alone the shape of the province is lost.
BY_PLACE = 0.5
# How strongly a division is drawn to the middle of those that answer to the same city, so that cities stay together.
TO_CITY = 0.35


class LayoutError(ValueError):
    """Divisions that cannot be laid out, and why."""


def tiles_csv(divisions: Iterable[Mapping[str, Any]], geometry: Path) -> str:
    """The register of tiles (CSV) for ranked divisions, from a GeoJSON file of their areas or points.

    Raises `LayoutError` where the file has nothing for a division. Those without a national code are left out.
    """
    by_key = {row["division_key"]: row for row in divisions if row["league"] and row["gb_code"]}
    ranked = [row for _, row in sorted(by_key.items())]
    middles = _middles(json.loads(geometry.read_text(encoding="utf-8")))
    if missing := [f"{row['gb_code']} {row['name']}" for row in ranked if row["gb_code"] not in middles]:
        raise LayoutError(f"{geometry.name} 中没有这些区划 · it has nothing for: {'、'.join(missing)}")
    if not ranked:
        raise LayoutError("名册中没有带国标代码、参加排名的区划 · no ranked division has a national code")
    cells = layout([middles[row["gb_code"]] for row in ranked], [str(row["map_parent_key"]) for row in ranked])
    target = io.StringIO()
    placed = sorted((*cell, row["division_key"]) for row, cell in zip(ranked, cells, strict=True))
    csv.writer(target, lineterminator="\n").writerows([COLUMNS, *((key, row, column) for row, column, key in placed)])
    return target.getvalue()


def layout(places: Sequence[tuple[float, float]], cities: Sequence[str]) -> list[tuple[int, int]]:
    """(row, column) from 1 for places (longitude, latitude): the assignment that moves them least, in squares."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    wanted = _wanted(np.array(places), cities)
    cells = _cells(wanted)
    cost = ((wanted[:, None, :] - cells[None, :, :]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(cost)
    taken = cells[chosen].astype(int)
    taken -= taken.min(axis=0) - 1
    return [(int(row), int(column)) for column, row in taken]


def _wanted(places: Points, cities: Sequence[str]) -> Points:
    """Where each division would like to be, in squares (x to the right, y downwards)."""
    import numpy as np
    from scipy.stats import rankdata  # type: ignore[import-untyped]

    flat = places * np.array([np.cos(places[:, 1].mean() * DEGREE), -1.0])
    span = flat.max(axis=0) - flat.min(axis=0)
    shape = np.maximum(span / np.sqrt(max(span.prod(), 1e-12)), 0.2) * np.sqrt(len(places) * ROOM)
    by_place = (flat - flat.min(axis=0)) / np.where(span > 0, span, 1)
    by_order = (rankdata(flat.round(DECIMALS), axis=0) - 1) / max(len(places) - 1, 1)
    found = (BY_PLACE * by_place + (1 - BY_PLACE) * by_order) * shape
    names = np.array(cities)
    middles = np.array([found[names == city].mean(axis=0) for city in cities])
    drawn: Points = found + TO_CITY * (middles - found)
    return drawn


def _cells(wanted: Points) -> Points:
    """Squares to choose from: all around where anybody wants to be, enough for everybody."""
    import numpy as np

    low, high = np.floor(wanted.min(axis=0)) - 2, np.ceil(wanted.max(axis=0)) + 2
    return np.array([(x, y) for y in np.arange(low[1], high[1]) for x in np.arange(low[0], high[0])])


def _middles(collection: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """The middle of each area by its national code."""
    found = {}
    for feature in collection.get("features", ()):
        code = code_of(feature.get("properties") or {})
        if code and feature.get("geometry"):
            found[code] = _middle(feature["geometry"])
    return found


def code_of(properties: Mapping[str, Any]) -> str | None:
    """The national code of a feature; some files write the country's number before it."""
    named = next((str(properties[name]) for name in CODE_PROPERTIES if properties.get(name)), "")
    return named[-CODE_DIGITS:] if named[-CODE_DIGITS:].isdigit() and len(named) >= CODE_DIGITS else None


def _middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """The centre of gravity of the largest part: islands far out at sea do not pull a county into the water."""
    if geometry["type"] == "Point":
        return float(geometry["coordinates"][0]), float(geometry["coordinates"][1])
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return max((_gravity(part[0]) for part in parts), key=lambda found: found[0])[1]


def _gravity(ring: Sequence[Sequence[float]]) -> tuple[float, tuple[float, float]]:
    """(area, centre of gravity) of a ring."""
    import numpy as np

    points = np.array([point[:2] for point in ring])
    start = points[0]
    x, y = (points - start).T
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    area = float(cross.sum()) / 2
    if not area:
        return 0.0, (float(start[0]), float(start[1]))
    middle = [float(((one + np.roll(one, -1)) * cross).sum()) / (6 * area) for one in (x, y)]
    return abs(area), (float(start[0]) + middle[0], float(start[1]) + middle[1])
