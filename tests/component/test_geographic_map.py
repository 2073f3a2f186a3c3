"""The geographic map: only with review number and source, drawn whole, and what it lacks is listed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from jiheng import geometry
from jiheng.settings import Settings
from publish import site
from tests.component import edition_fixture as made

NUMBER = "某S(2026)001号"
SOURCE = "示例省自然资源厅标准地图服务"
SQUARE = [[113.0, 23.0], [114.0, 23.0], [114.0, 24.0], [113.0, 24.0], [113.0, 23.0]]
ISLAND = [[116.7, 20.7], [116.701, 20.7], [116.701, 20.701], [116.7, 20.7]]


def collection() -> dict[str, Any]:
    """Two counties, one of them with an island far out, and a stretch of land that is no division."""

    def feature(parts: list[Any], **properties: Any) -> dict[str, Any]:
        geometry = {"type": "MultiPolygon", "coordinates": [[part] for part in parts]}
        return {"type": "Feature", "properties": properties, "geometry": geometry}

    east = [[x + 1, y] for x, y in SQUARE]
    north = [[x, y + 1] for x, y in SQUARE]
    return {
        "type": "FeatureCollection",
        "features": [
            feature([SQUARE, ISLAND], gb="156990101"),
            feature([east], adcode=990102),
            feature([north], name="海"),
        ],
    }


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps(collection()), encoding="utf-8")
    for name, value in zip(geometry.NAMES, (str(path), NUMBER, SOURCE), strict=True):
        monkeypatch.setenv(name, value)
    return path


def drawn(tmp_path: Path) -> Path:
    edition = tmp_path / "drawn"
    shutil.copytree(made.make_edition(tmp_path), edition)
    assert geometry.write(Settings.from_environment(), edition)
    site.render(edition)
    return edition / "site"


def test_number_and_source_stand_under_a_map_that_shows_everything(configured: Path, tmp_path: Path) -> None:
    pages = drawn(tmp_path)
    for name, missing in (("map.html", "图上没有的区划"), ("en/map.html", "Divisions that the map does not show")):
        html = (pages / name).read_text(encoding="utf-8")
        figure = html[html.index('<figure class="tiles places"') :].split("</figure>")[0]
        assert NUMBER in figure.split("<figcaption>")[1]
        assert SOURCE in figure.split("<figcaption>")[1]
        assert re.findall(r'data-key="([^"]+)"', figure) == ["c1", "c2"]
        listed = figure[figure.index(missing) :]
        assert re.findall(r'href="division/([^"]+)\.html', listed) == ["c3", "c4"]
        width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', figure)[0])
        points = [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", figure.split("</defs>")[1])]
        assert len(points) == 5 + 4 + 5 + 5, "the island and the land without division are drawn too"
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
        assert max(x for x, _ in points) > width - 10, "the island gives the frame its corner"


def test_without_geometry_there_is_no_geographic_map(tmp_path: Path) -> None:
    edition = made.make_edition(tmp_path)
    assert geometry.write(Settings.from_environment(), edition) is False
    html = (edition / "site" / "map.html").read_text(encoding="utf-8")
    assert "审图号" not in html
    assert 'class="tiles places"' not in html


@pytest.mark.parametrize("name", geometry.NAMES)
def test_one_without_the_others_is_refused(
    configured: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(geometry.MapError, match=f"missing: {name}$"):
        geometry.write(Settings.from_environment(), tmp_path)
    assert not (tmp_path / geometry.MAP_NAME).exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "no GeoJSON of areas"),
        ('{"type": "FeatureCollection", "features": []}', "no area with a national code"),
        (json.dumps({"features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}}]}), "Point is no area"),
        (json.dumps({"features": [{"geometry": {"type": "Polygon", "coordinates": [[[500000, 2]]]}}]}), "in degrees"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(configured: Path, content: str, told: str) -> None:
    configured.write_text(content, encoding="utf-8")
    with pytest.raises(geometry.MapError, match=told):
        geometry.areas(configured)
