"""From a ranking to the page of self scores, and from there to a department that stands above its evidence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.component import edition_fixture as made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    edition = made.make_edition(tmp_path_factory.mktemp("edition"))
    return (edition / "site").as_uri()


@pytest.mark.parametrize("scripted", [True, False])
def test_from_the_navigation_to_a_department_above_the_evidence(browser: Any, root: str, scripted: bool) -> None:
    context = browser.new_context(java_script_enabled=scripted)
    tab = context.new_page()
    tab.goto(f"{root}/index.html")
    tab.get_by_role("link", name="自评", exact=True).click()
    assert "差距是需要了解的疑问" in tab.locator(".lead").first.inner_text()
    assert tab.locator("svg.bands").get_attribute("aria-label").startswith("甲省 2024 年度自评得分与证据得分")
    tab.locator("table.above").get_by_role("link", name="二县商务局").click()
    assert tab.url.endswith("department/c2.commerce.html#y2024")
    context.close()


def test_cohorts_sort_by_their_gap_and_small_ones_stay_last(tab: Any, root: str) -> None:
    tab.goto(f"{root}/inflation.html")
    divisions = tab.locator("details.list", has_text="各区划").locator("table.cohorts")
    names = divisions.locator("tbody td.name a")
    divisions.locator("th", has_text="平均差距").get_by_role("button").click()
    assert names.all_inner_texts() == ["一县", "二县", "四新区"]
    divisions.locator("th", has_text="平均差距").get_by_role("button").click()
    assert names.all_inner_texts() == ["二县", "一县", "四新区"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_no_wider_than_the_screen(browser: Any, root: str, scheme: str, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab.goto(f"{root}/inflation.html")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()
