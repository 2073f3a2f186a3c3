"""What axe and a keyboard find on every type of page, in both languages, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.component import edition_fixture as made

GRAVE = ("serious", "critical")
LANGUAGES = ("", "en/")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The site of a first edition and of the next one, which has changes to tell."""
    return [edition / "site" for edition in made.make_pair(tmp_path_factory.mktemp("pair"))]


def page_types(site: Path) -> list[str]:
    """Every page of the root, and of each folder those that have most on them."""
    names = sorted(path.name for path in site.glob("*.html"))
    for folder in ("division", "department", "indicator", "function"):
        pages = sorted((site / folder).glob("*.html"), key=lambda path: (-path.stat().st_size, path.name))
        names += [f"{folder}/{path.name}" for path in pages[:2]]
    return names


@pytest.fixture(scope="module", params=["light", "dark"])
def screen(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=request.param)
    yield opened
    opened.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_grave_on_any_page(screen: Any, sites: list[Path], language: str) -> None:
    axe, found = Axe(), []
    for site in sites:
        for name in page_types(site) if site is sites[-1] else ["index.html", "changes.html"]:
            screen.goto((site / language / name).as_uri())
            screen.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            found += [
                (name, one["impact"], one["id"], [node["html"][:120] for node in one["nodes"][:3]])
                for one in axe.run(screen).response["violations"]
                if one["impact"] in GRAVE
            ]
    assert found == []
