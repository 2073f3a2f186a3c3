"""The tile map (瓦片图): one equal square a division, so that a small district is as easy to see as a wide county.

Squares come from the register (`dim_division_tile`). Divisions that it leaves out are placed by the city they lie in,
city by city below the others, so that every province has a map from its first day.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from publish.data import Edition, Row
from publish.site import geography
from publish.site.classes import classes, level
from publish.site.names import brief

Cell = tuple[int, int]
# Side of a square and its distance from the next, in units of the drawing.
SIDE, STEP = 62, 66
# Squares in a row of a map without a register: about twice as wide as high, as a page is.
WIDER_THAN_HIGH = 2
# A square has room for so many characters.
MOST = 5


def page(edition: Edition, sections: Iterable[Row]) -> Row:
    """A map for each province and fiscal year, and the geographic ones where there is geometry."""
    sections = list(sections)
    return {"maps": [tile_map(edition, section) for section in sections], "places": geography.maps(edition, sections)}


def tile_map(edition: Edition, section: Row) -> Row:
    """The map of a section of the ranking: its squares, the lines between cities, and what its colours mean."""
    ranked = [row for league in section["leagues"] for row in league["rows"]]
    rows = {row["division_key"]: row for row in [*ranked, *section["unranked"]]}
    cells = _cells(edition, rows)
    cities = _cities(edition, rows)
    short = short_names(
        {key: edition.division_name(key) for key in rows},
        {key: edition.division_name(cities[key]) for key in rows},
        {key: edition.divisions.get(key, {}).get("kind") for key in rows},
    )
    scores = sorted(row["score"] for row in ranked)
    tiles = [
        {
            "row": rows[key],
            "short": short[key],
            "x": column * STEP,
            "y": line * STEP,
            "level": level(rows[key]["score"], scores) if rows[key]["is_ranked"] else None,
        }
        for key, (line, column) in sorted(cells.items(), key=lambda item: item[1])
    ]
    return {
        "province_key": section["province_key"],
        "fiscal_year": section["fiscal_year"],
        "tiles": tiles,
        "borders": _borders(cells, cities),
        "is_laid_out": any(key in edition.tiles for key in rows),
        "side": SIDE,
        "width": (max((column for _, column in cells.values()), default=0) + 1) * STEP,
        "height": (max((line for line, _ in cells.values()), default=0) + 1) * STEP,
        "classes": classes(scores),
        "unranked": len(section["unranked"]),
        "provisional": sum(bool(row["is_provisional"]) for row in ranked),
    }


def _cities(edition: Edition, keys: Iterable[str]) -> dict[str, str]:
    """The city that each division lies in; a division that lies in none, like a city without counties, is its own."""
    found = {}
    for key in keys:
        division = edition.divisions.get(key, {})
        parent = division.get("map_parent_key") or key
        found[key] = key if parent == division.get("province_key") else parent
    return found


def _cells(edition: Edition, keys: Collection[str]) -> dict[str, Cell]:
    """(row, column) from 0. Of two divisions that claim one square, because a register's row was removed, the first by
    key has it.
    """
    cells: dict[str, Cell] = {}
    for key in sorted(keys):
        tile = edition.tiles.get(key)
        cell = (tile["tile_row"], tile["tile_column"]) if tile else None
        if cell and cell not in cells.values():
            cells[key] = cell
    top, left = (min((cell[axis] for cell in cells.values()), default=0) for axis in (0, 1))
    cells = {key: (row - top, column - left) for key, (row, column) in cells.items()}
    groups = _grouped([key for key in keys if key not in cells], _cities(edition, keys))
    if not cells:
        return _blocks(groups)
    below = max(row for row, _ in cells.values()) + 2
    width = max(column for _, column in cells.values()) + 1
    rest = [key for group in groups for key in group]
    return cells | {key: (below + place // width, place % width) for place, key in enumerate(rest)}


def _grouped(keys: Iterable[str], cities: Mapping[str, str]) -> list[list[str]]:
    """Divisions by city, and those that are cities themselves together after them."""
    groups: defaultdict[tuple[bool, str], list[str]] = defaultdict(list)
    for key in sorted(keys):
        groups[(True, "") if cities[key] == key else (False, cities[key])].append(key)
    return [group for _, group in sorted(groups.items())]


def _blocks(groups: list[list[str]]) -> dict[str, Cell]:
    """Groups as blocks of squares, one after another in shelves, with a gap between blocks."""
    width = WIDER_THAN_HIGH * math.isqrt(sum(len(group) for group in groups))
    cells: dict[str, Cell] = {}
    top = left = high = 0
    for group in groups:
        wide = math.ceil(math.sqrt(len(group)))
        if left and left + wide > width:
            top, left, high = top + high + 1, 0, 0
        cells |= {key: (top + place // wide, left + place % wide) for place, key in enumerate(group)}
        left, high = left + wide + 1, max(high, math.ceil(len(group) / wide))
    return cells


def _borders(cells: Mapping[str, Cell], cities: Mapping[str, str]) -> str:
    """Lines between neighbouring squares of different cities, as a path."""
    city_at = {cell: cities[key] for key, cell in cells.items()}
    gap = (STEP - SIDE) // 2
    lines = []
    for (row, column), city in sorted(city_at.items()):
        x, y = column * STEP - gap, row * STEP - gap
        if city_at.get((row, column + 1), city) != city:
            lines.append(f"M{x + STEP} {y}v{STEP}")
        if city_at.get((row + 1, column), city) != city:
            lines.append(f"M{x} {y + STEP}h{STEP}")
    return "".join(lines)


def short_names(names: Mapping[str, str], cities: Mapping[str, str], kinds: Mapping[str, str | None]) -> dict[str, str]:
    """Two to five characters for each division that no other on the map has: its name without the word for its kind,
    with it where another has the same, and with the first character of its city's name where even that is shared.
    """
    found = {key: brief(name, kinds.get(key))[:MOST] for key, name in names.items()}
    for longer in (names, {key: cities[key][:1] + names[key] for key in names}):
        counts = Counter(found.values())
        found = {key: longer[key] if counts[short] > 1 else short for key, short in found.items()}
    return found
