"""From the filing page to whoever is awaited and from a returned report to its findings, with and without script."""

from __future__ import annotations

from typing import Any

import pytest

from tests.component import edition_fixture as made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    edition = made.make_edition(tmp_path_factory.mktemp("edition"))
    return (edition / "site").as_uri()


@pytest.mark.parametrize("scripted", [True, False])
def test_from_the_overview_to_an_overdue_department_and_to_the_findings_of_a_returned_one(
    browser: Any, root: str, scripted: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripted)
    tab = context.new_page()
    tab.goto(f"{root}/index.html")
    tab.get_by_role("link", name="报送", exact=True).click()
    overdue = tab.locator("details.list", has_text="逾期未报：4 个部门")
    row = overdue.locator("tbody tr", has_text="四新区第3局")
    row.get_by_role("link", name="四新区", exact=True).click()
    line = tab.locator("table.departments tr", has_text="四新区第3局")
    assert "已逾期 571 天" in line.inner_text()
    line.get_by_role("link", name="四新区第3局").click()
    assert "应于 2025-04-30 前报送" in tab.locator(".message").first.inner_text()

    tab.get_by_role("link", name="报送", exact=True).click()
    returned = tab.locator("details.list", has_text="退回后尚未重报：1 个部门")
    returned.get_by_role("link", name="商务局").click()
    tab.get_by_role("link", name="检查发现").click()
    assert tab.url.endswith("#f2024")
    finding = tab.locator(".finding.P0")
    assert "支出大于调整预算" in finding.inner_text()
    assert not finding.get_by_text("执行率因此大于一").is_visible()
    finding.locator("summary").click()
    assert finding.get_by_text("执行率因此大于一").is_visible()
    context.close()


def test_the_filter_opens_a_folded_list_that_holds_the_name(tab: Any, root: str) -> None:
    tab.goto(f"{root}/filing.html")
    tab.locator("details.list summary").first.click()
    assert not tab.locator("table.awaited").first.is_visible()
    tab.locator("#filter input").fill("第3局")
    shown = tab.locator("table.awaited").first.locator("tbody tr:visible")
    assert shown.count() == 1 and "四新区第3局" in shown.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_of_a_filing_is_wider_than_the_screen(browser: Any, root: str, scheme: str, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for name in ("filing.html", "division/c4.html", "department/c2.commerce.html", "department/c4.5.html"):
        tab.goto(f"{root}/{name}")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
    tab.close()
