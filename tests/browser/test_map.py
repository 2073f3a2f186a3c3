"""The tile map in a real browser: reached by keyboard, legible in the dark, whole without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.component import edition_fixture as made

CONTRAST = """() => Array.from(document.querySelectorAll('.tiles a')).map(tile => {
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const fill = getComputedStyle(tile.querySelector('rect')).fill;
  const ground = fill.startsWith('url') ? getComputedStyle(document.querySelector('.hatch-ground')).fill : fill;
  const [a, b] = [light(getComputedStyle(tile.querySelector('text')).fill), light(ground)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
})"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition")) / "site"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_are_legible_on_every_colour(pages: Path, tab: Any, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.goto((pages / "map.html").as_uri())
    found = tab.evaluate(CONTRAST)
    assert len(found) >= 5
    assert min(found) >= 4.5


def test_every_square_is_reached_by_keyboard_and_leads_to_its_division(pages: Path, tab: Any) -> None:
    tab.goto((pages / "map.html").as_uri())
    squares = tab.locator(".tiles a").count()
    tab.locator(".tiles .scroll").first.focus()
    tab.keyboard.press("Tab")
    key = tab.evaluate("document.activeElement.dataset.key")
    assert squares and key
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/division/{key}.html*")


def test_the_map_is_whole_without_javascript_and_on_a_phone(pages: Path, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    opened = context.new_page()
    opened.goto((pages / "map.html").as_uri())
    assert opened.locator(".tiles a text").count() >= 10
    assert opened.locator("html").bounding_box()["width"] == 390
    context.close()
