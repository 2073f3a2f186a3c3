"""The pages as a finance officer's browser shows them: from a folder, without a server and without the internet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.component import edition_fixture as made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    edition = made.make_edition(tmp_path_factory.mktemp("edition"))
    return (edition / "site").as_uri()


def test_two_clicks_from_rank_to_sentence(tab: Any, root: str) -> None:
    tab.goto(f"{root}/index.html")
    row = tab.locator("#d-c1-2024")
    assert "87.13" in row.inner_text()
    assert "并列" in row.inner_text()
    row.get_by_role("link", name="一县").click()
    assert "并列第1名" in tab.locator('[data-field="rank"]').inner_text()
    tab.get_by_role("link", name="一县商务局").first.click()
    assert tab.locator("mark", has_text="调整预算298.00万元").first.is_visible()
    tab.locator('[data-figure="adjusted"] a').click()
    assert tab.locator("mark:target").inner_text() == "调整预算298.00万元"


def test_findings_stand_with_both_quotations(tab: Any, root: str) -> None:
    tab.goto(f"{root}/department/c3.commerce.html")
    finding = tab.locator(".finding.P0")
    assert finding.is_visible()
    assert finding.locator("mark").all_inner_texts() == ["调整预算298.00万元", "全年支出275.29万元"]
    assert "<script>alert(1)</script>" in finding.inner_text()


def test_trust_strip_is_on_every_page(tab: Any, root: str) -> None:
    for name in ("index.html", "gate.html", "method.html", "downloads.html", "division/c5.html"):
        tab.goto(f"{root}/{name}")
        strip = tab.locator(".strip").inner_text()
        assert "2026-11-22 02:00" in strip
        assert "e1" in strip
        assert "通过" in strip


def test_table_sorts_and_filters(tab: Any, root: str) -> None:
    tab.goto(f"{root}/index.html")
    table = tab.locator("table.rank").first
    head = table.get_by_role("button", name="得分")
    head.click()
    assert table.locator("tbody tr").first.get_attribute("id") == "d-c3-2024"
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    tab.locator(".filter input").first.fill("二县")
    assert table.locator("tbody tr:visible").count() == 1


def test_pages_are_whole_without_script(browser: Any, root: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{root}/index.html")
    assert tab.locator("table.rank").first.locator("tbody tr").count() == 3
    assert tab.locator("#filter input").count() == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(browser: Any, root: str, scheme: str, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for name in ("index.html", "division/c3.html", "department/c3.commerce.html", "gate.html", "method.html"):
        tab.goto(f"{root}/{name}")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
    tab.close()
