"""The geographic map, where the edition carries geometry with its review number (审图号): drawn whole, not clipped."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from publish.data import Edition, Row
from publish.site.classes import classes, level

MAP_NAME = "map.json"
WIDTH = 1100
# Room around the outermost coast, so that its line is whole too.
MARGIN = 6


def of_edition(edition: Path) -> Row | None:
    """The geometry that an edition carries; None where it has none."""
    path = edition / MAP_NAME
    found: Row | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found


def maps(edition: Edition, sections: Iterable[Row]) -> list[Row]:
    """The map of each province's newest year that the geometry has a ranked division of; none without geometry."""
    geometry = of_edition(edition.path)
    if geometry is None:
        return []
    newest: dict[str, Row] = {}
    for section in sections:
        newest.setdefault(section["province_key"], section)
    drawn = (_map(edition, section, geometry) for section in newest.values())
    return [one for one in drawn if one["areas"]]


def _map(edition: Edition, section: Row, geometry: Row) -> Row:
    ranked = [row for league in section["leagues"] for row in league["rows"]]
    scores = sorted(row["score"] for row in ranked)
    rows = {row["division_key"]: row for row in [*ranked, *section["unranked"]]}
    of_code = {code: row for key, row in rows.items() if (code := edition.divisions.get(key, {}).get("gb_code"))}
    frame = _Frame(geometry["areas"])
    areas = [
        {"row": row, "path": frame.path(area), "level": level(row["score"], scores) if row["is_ranked"] else None}
        for area in geometry["areas"]
        if (row := of_code.get(area["gb_code"]))
    ]
    shown = {area["row"]["division_key"] for area in areas}
    return {
        "province_key": section["province_key"],
        "fiscal_year": section["fiscal_year"],
        "review_number": geometry["review_number"],
        "source": geometry["source"],
        "areas": areas,
        "ground": "".join(frame.path(area) for area in geometry["areas"] if area["gb_code"] not in of_code),
        "width": WIDTH,
        "height": frame.height,
        "classes": classes(scores),
        "unranked": len(section["unranked"]),
        "provisional": sum(bool(row["is_provisional"]) for row in ranked),
        "without_area": sorted(key for key in rows if key not in shown),
    }


class _Frame:
    """The whole extent of the geometry, drawn so that a kilometre is as long to the north as to the east."""

    def __init__(self, areas: Iterable[Mapping[str, Any]]) -> None:
        points = [point for area in areas for ring in area["rings"] for point in ring]
        self._west, self._north = min(x for x, _ in points), max(y for _, y in points)
        east, south = max(x for x, _ in points), min(y for _, y in points)
        self._narrowing = math.cos(math.radians((self._north + south) / 2))
        across = max((east - self._west) * self._narrowing, 1e-9)
        self._scale = (WIDTH - 2 * MARGIN) / across
        self.height = math.ceil((self._north - south) * self._scale) + 2 * MARGIN

    def path(self, area: Mapping[str, Any]) -> str:
        """An area as a path of SVG, to a tenth of a unit."""
        return "".join(f"M{'L'.join(map(self._point, ring))}Z" for ring in area["rings"])

    def _point(self, point: tuple[float, float]) -> str:
        x = (point[0] - self._west) * self._narrowing * self._scale + MARGIN
        y = (self._north - point[1]) * self._scale + MARGIN
        return f"{x:.1f} {y:.1f}"
