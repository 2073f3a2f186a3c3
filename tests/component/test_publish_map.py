"""The tile map: every division has a square of its own, its class and its short name, with or without a register."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ingest.registers import division_rows, tile_rows
from ingest.tables import TableError
from jiheng import tile_layout
from jiheng.settings import PROJECT_ROOT
from publish.site import tiles
from tests.component import edition_fixture as made

GUANGDONG = PROJECT_ROOT / "registers" / "guangdong"


def guangdong(with_tiles: bool = True) -> Any:
    """What the map needs of an edition, from the registers alone."""
    divisions = {row["division_key"]: row for row in division_rows([GUANGDONG])}
    placed = {row["division_key"]: row for row in tile_rows([GUANGDONG], divisions.values())} if with_tiles else {}
    return SimpleNamespace(
        divisions=divisions, tiles=placed, division_name=lambda key: divisions[key]["name"] if key in divisions else key
    )


def section(edition: Any) -> dict[str, Any]:
    keys = sorted(key for key, row in edition.divisions.items() if row["league"])
    rows = [
        {
            "division_key": key,
            "league": "county",
            "score": Decimal(50 + place // 3),
            "rank": 1,
            "is_tied": False,
            "is_ranked": True,
            "is_provisional": not place,
        }
        for place, key in enumerate(keys[:-4])
    ]
    unranked = [
        {"division_key": key, "score": None, "is_ranked": False, "is_provisional": True, "unranked_reason": "returned"}
        for key in keys[-4:]
    ]
    return {
        "province_key": "cn440000",
        "fiscal_year": 2024,
        "leagues": [{"code": "county", "rows": rows}],
        "unranked": unranked,
    }


@pytest.mark.parametrize(("folder", "unranked", "points"), [("", "未排名", "分"), ("en/", "Unranked", "points")])
def test_the_page_says_of_every_square_what_the_ranking_says(
    tmp_path: Path, folder: str, unranked: str, points: str
) -> None:
    edition = made.make_edition(tmp_path)
    html = (edition / "site" / folder / "map.html").read_text(encoding="utf-8")
    told = dict(re.findall(r'<a href="division/([^"#]+)\.html#y2024"[^>]*aria-label="([^"]*)"', html))
    assert set(told) == {"c1", "c2", "c3", "c4", "c5"}
    assert f"87.13 {points}" in told["c1"]
    assert unranked.lower() in told["c4"].lower()
    assert "&lt;b&gt;坏&lt;/b&gt;县" in told["c3"], "names are escaped"
    for target in set(re.findall(r'href="(division/[^"#]+)', html)):
        assert (edition / "site" / folder / target).is_file()


@pytest.mark.parametrize("with_tiles", [True, False])
def test_every_division_has_a_square_of_its_own(with_tiles: bool) -> None:
    edition = guangdong(with_tiles)
    drawn = tiles.tile_map(edition, section(edition))
    ranked = {key for key, row in edition.divisions.items() if row["league"]}
    assert {tile["row"]["division_key"] for tile in drawn["tiles"]} == ranked
    assert len(drawn["tiles"]) == len(ranked)
    assert len({(tile["x"], tile["y"]) for tile in drawn["tiles"]}) == len(ranked)
    assert all(0 <= tile["x"] < drawn["width"] and 0 <= tile["y"] < drawn["height"] for tile in drawn["tiles"])
    assert len({tile["short"] for tile in drawn["tiles"]}) == len(ranked), "short names stay unambiguous"
    assert all(2 <= len(tile["short"]) <= 5 for tile in drawn["tiles"])
    assert drawn == tiles.tile_map(edition, section(edition))
    assert drawn["is_laid_out"] is with_tiles


def test_classes_hold_about_a_fifth_and_equal_scores_together() -> None:
    edition = guangdong()
    drawn = tiles.tile_map(edition, section(edition))
    assert [one["level"] for one in drawn["classes"]] == [5, 4, 3, 2, 1]
    assert sum(one["count"] for one in drawn["classes"]) == len(drawn["tiles"]) - 4
    levels = {}
    for tile in drawn["tiles"]:
        if tile["row"]["is_ranked"]:
            assert levels.setdefault(tile["row"]["score"], tile["level"]) == tile["level"]
    assert all(later["high"] < one["low"] for one, later in zip(drawn["classes"], drawn["classes"][1:], strict=False))
    assert (drawn["unranked"], drawn["provisional"]) == (4, 1)


def test_of_two_in_one_square_the_other_moves_below() -> None:
    edition = guangdong()
    edition.tiles["cn440104"] = edition.tiles["cn440103"] | {"division_key": "cn440104"}
    at = {tile["row"]["division_key"]: tile for tile in tiles.tile_map(edition, section(edition))["tiles"]}
    assert at["cn440104"]["y"] > max(
        tile["y"] for key, tile in at.items() if key in edition.tiles and key != "cn440104"
    )


def test_a_name_that_two_share_is_told_apart() -> None:
    names = {"a": "朝阳区", "b": "朝阳县", "c": "鼓楼区", "d": "鼓楼区", "e": "连山壮族瑶族自治县", "f": "城区"}
    cities = {"a": "甲市", "b": "乙市", "c": "宁市", "d": "徐市", "e": "清市", "f": "汕市"}
    assert tiles.short_names(names, cities, dict.fromkeys(names)) == {
        **{"a": "朝阳区", "b": "朝阳县", "c": "宁鼓楼区", "d": "徐鼓楼区", "e": "连山", "f": "城区"}
    }


def test_an_empty_section_is_an_empty_map() -> None:
    empty = {"province_key": "cn440000", "fiscal_year": 2024, "leagues": [], "unranked": []}
    assert tiles.tile_map(guangdong(), empty)["tiles"] == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("cn440103,1,1\ncn440104,1,1\n", "another division has this square already"),
        ("cn440103,0,1\n", "write a whole number from 1 to 200"),
        ("cn440103,1,x\n", "write a whole number from 1 to 200"),
        ("cn999999,1,1\n", "a key of the register of divisions"),
    ],
)
def test_a_register_of_tiles_that_cannot_be_used_says_where(tmp_path: Path, lines: str, told: str) -> None:
    (tmp_path / "tiles.csv").write_text("division_key,tile_row,tile_column\n" + lines, encoding="utf-8")
    with pytest.raises(TableError, match=f"tiles.csv line {1 + len(lines.splitlines())}, .*{told}"):
        tile_rows([tmp_path], division_rows([GUANGDONG]))


def made_geometry() -> dict[str, Any]:
    """An invented province: nine counties as squares in three rows, the last with a small island far out."""
    features = []
    for number in range(9):
        x, y = 100 + number % 3, 30 - number // 3
        square = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
        island = [[[120, 10], [120.01, 10], [120.01, 10.01], [120, 10]]]
        parts = [[square], island] if number == 8 else [[square]]
        geometry = {"type": "MultiPolygon", "coordinates": parts}
        features.append({"type": "Feature", "properties": {"gb": f"15699010{number}"}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def test_tiles_lie_as_the_areas_do(tmp_path: Path) -> None:
    geometry = tmp_path / "areas.geojson"
    geometry.write_text(json.dumps(made_geometry()), encoding="utf-8")
    rows = [
        {
            "division_key": f"c{number}",
            "gb_code": f"99010{number}",
            "name": "县",
            "league": "county",
            "map_parent_key": "p",
        }
        for number in range(9)
    ]
    listed = list(csv.DictReader(tile_layout.tiles_csv(rows, geometry).splitlines()))
    at = {row["division_key"]: (int(row["tile_row"]), int(row["tile_column"])) for row in listed}
    assert at == {f"c{number}": (1 + number // 3, 1 + number % 3) for number in range(9)}
    with pytest.raises(tile_layout.LayoutError, match="990199 无图县"):
        tile_layout.tiles_csv([*rows, rows[0] | {"division_key": "d", "gb_code": "990199", "name": "无图县"}], geometry)
