"""What a page says of its own edition once others follow: from the disk, with and without scripts, on paper too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publish import acts, frontdesk
from publish import editions as files
from publish.records import record
from tests.component import edition_fixture as made

WHY = '甲县的"应报名册"缺一行 </style> \\ {x}\n详见门禁 · A county is missing'
PAGES = ("index.html", "division/c1.html")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three editions: e1 is old, e3 was taken back, e2 stands and the night after it was held."""
    folder = tmp_path_factory.mktemp("home")
    editions = folder / "editions"
    whole = made.make_edition(folder, "e1")
    copies = []
    for name in ("e2", "e3"):
        copy = folder / f"private-{name}"
        shutil.copytree(whole, copy)
        for path in (copy / "site").rglob("*.html"):
            html = path.read_text(encoding="utf-8").replace('data-edition="e1"', f'data-edition="{name}"')
            path.write_text(html, encoding="utf-8")
        (copy / "manifest.json").unlink()
        files.complete(copy, made.facts(name))
        copies.append(copy)
    for private in (whole, *copies):
        acts.publish(private, editions)
    acts.rollback(editions, {"who": "李四", "why": '用了"旧名册"'})
    record(editions, {"event": "hold", "at": "2026-11-25T18:05:00+00:00", "edition_id": "e4", "why": [WHY]})
    frontdesk.write(editions)
    return editions


def banner(tab: Any, editions: Path, edition_id: str, page: str = "index.html") -> str:
    """The words of the place at the head of a page, as the browser fills them in; empty where it is not shown."""
    tab.goto((editions / edition_id / "site" / page).as_uri())
    place = tab.locator(".standing")
    if not place.is_visible():
        return ""
    return str(place.evaluate("element => getComputedStyle(element, '::before').content"))


@pytest.mark.parametrize("page", PAGES)
def test_the_current_edition_says_since_when_nothing_came_and_why(tab: Any, shown: Path, page: str) -> None:
    for edition_id in ("e2", "current"):
        told = banner(tab, shown, edition_id, page)
        assert "自 2026-11-26 起的 1 夜未能发布" in told and "当前展示的是 e2 期" in told
        assert "应报名册" in told and "</style>" in told and "{x}" in told
        assert "e3 期已于" in told


@pytest.mark.parametrize("page", PAGES)
def test_an_old_edition_names_the_one_that_stands(tab: Any, shown: Path, page: str) -> None:
    assert "这是归档的旧期，现行的是 e2 期" in banner(tab, shown, "e1", page)
    tab.locator(".standing a").click()
    assert tab.url == (shown / "index.html").as_uri()
    tab.locator("section.now").get_by_role("link", name="排名").click()
    assert tab.url == (shown / "e2" / "site" / "index.html").as_uri()


def test_an_edition_that_was_taken_back_says_why(tab: Any, shown: Path) -> None:
    told = banner(tab, shown, "e3")
    assert "本期已于" in told and "旧名册" in told and "请勿引用" in told


def test_nothing_is_shown_when_all_is_well(tab: Any, shown: Path, tmp_path: Path) -> None:
    editions = tmp_path / "editions"
    shutil.copytree(shown / "e2", editions / "e2")
    record(editions, {"event": "publish", "edition_id": "e2"})
    frontdesk.write(editions)
    assert banner(tab, editions, "e2") == ""
    assert tab.get_by_role("link", name="往期").is_visible()


@pytest.fixture
def still(browser: Any) -> Iterator[Any]:
    """A page without scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 700})
    yield context.new_page()
    context.close()


def test_the_banner_needs_no_script(still: Any, shown: Path) -> None:
    for edition_id in ("e1", "e2", "e3"):
        still.goto((shown / edition_id / "site" / "index.html").as_uri())
        box = still.locator(".standing").bounding_box()
        assert box and box["y"] == 0 and box["height"] > 50, edition_id


def test_an_edition_on_a_machine_of_its_own_looks_whole(still: Any, shown: Path, tmp_path: Path) -> None:
    """Copied alone, without what stands beside it: no banner, no link that leads nowhere, no gap."""
    shutil.copytree(shown / "e1", tmp_path / "elsewhere" / "e1")
    still.goto((tmp_path / "elsewhere" / "e1" / "site" / "index.html").as_uri())
    assert not still.locator(".standing").is_visible()
    assert [link.is_visible() for link in still.locator(".outside").all()] == [False, False]
    head = still.locator("header.top").bounding_box()
    assert head and head["y"] == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_neither_banner_nor_archive_is_wider_than_the_screen(
    browser: Any, shown: Path, scheme: str, width: int
) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for name in ("e1/site/index.html", "e3/site/changes.html", "e2/site/corrections.html", "index.html"):
        tab.goto((shown / name).as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
    tab.close()
