"""The province's own geometry for a geographic map: taken into an edition only together with its review number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jiheng.files import write_json
from jiheng.settings import Settings
from jiheng.tile_layout import code_of

MAP_NAME = "map.json"
NAMES = ("JIHENG_MAP_GEOMETRY", "JIHENG_MAP_REVIEW_NUMBER", "JIHENG_MAP_SOURCE")
# About a hundred metres: finer than a line on a screen is wide.
DECIMALS = 3

Ring = list[tuple[float, float]]


class MapError(ValueError):
    """A geographic map that must not or cannot be shown, and how to mend that."""


def write(settings: Settings, edition: Path) -> bool:
    """Write `map.json` of an edition: review number, source, and the rings of each area. Gives whether there is a map.

    Raises `MapError` where geometry, review number and source are not all there, or the file cannot be used.
    """
    told = dict(zip(NAMES, (settings.map_geometry, settings.map_review_number, settings.map_source), strict=True))
    if not any(told.values()):
        return False
    if missing := [name for name, value in told.items() if not value]:
        raise MapError(
            f"地图须同时给出几何文件、审图号和来源，缺少 {'、'.join(missing)}；不用地图则三项都不设"
            f" · a map needs geometry, review number and source; missing: {', '.join(missing)}"
        )
    facts = {"review_number": settings.map_review_number, "source": settings.map_source}
    write_json(edition / MAP_NAME, facts | {"areas": areas(Path(str(settings.map_geometry)))})
    return True


def areas(path: Path) -> list[dict[str, Any]]:
    """The areas of a GeoJSON file: national code (none for what is no division) and rings of longitude and latitude."""
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
        found = [_area(feature) for feature in collection["features"] if feature.get("geometry")]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise MapError(
            f"{path.name} 不是可用的 GeoJSON 面文件 · no GeoJSON of areas that can be used: {error}"
        ) from error
    if not any(area["gb_code"] and area["rings"] for area in found):
        raise MapError(f"{path.name} 中没有带国标代码的面 · it has no area with a national code")
    return found


def _area(feature: Mapping[str, Any]) -> dict[str, Any]:
    geometry = feature["geometry"]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"{geometry['type']} is no area")
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [_ring(ring) for part in parts for ring in part]
    return {"gb_code": code_of(feature.get("properties") or {}), "rings": rings}


def _ring(points: Sequence[Sequence[float]]) -> Ring:
    """A ring in degrees, without points that fall together when they are rounded; never less than a triangle."""
    rounded = [(round(float(x), DECIMALS), round(float(y), DECIMALS)) for x, y, *_ in points]
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in rounded):
        raise ValueError("coordinates must be longitude and latitude in degrees")
    kept = [point for place, point in enumerate(rounded) if not place or point != rounded[place - 1]]
    return kept if len(kept) > 3 else [(float(x), float(y)) for x, y, *_ in points]
