"""The errands of a finance officer's morning, each from its first page to its end, from a folder and offline."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.component import edition_fixture as made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    edition = made.make_edition(tmp_path_factory.mktemp("edition"))
    return (edition / "site").as_uri()


def shown(tab: Any) -> list[str]:
    return [str(row.get_attribute("id")) for row in tab.locator("#t1 tbody tr:visible").all()]


def test_a_county_is_found_by_its_initials_and_the_address_can_be_sent_on(tab: Any, root: str) -> None:
    tab.goto(f"{root}/ranking-2024.html")
    search = tab.locator('input[type="search"]').first
    search.fill("yix")
    assert shown(tab) == ["d-c1-2024"]
    assert tab.url.endswith("?q=yix")
    search.fill("EX")
    assert shown(tab) == ["d-c2-2024"], "initials, whatever their case"
    sent = tab.url
    tab.goto("about:blank")
    tab.goto(sent)
    assert shown(tab) == ["d-c2-2024"]
    assert tab.locator('input[type="search"]').first.input_value() == "EX"
    tab.locator('input[type="search"]').first.fill("没有这个县")
    assert shown(tab) == [] and "没有符合的" in tab.locator(".filter output").first.inner_text()


def test_a_league_and_an_order_stand_in_the_address_and_in_the_other_language(tab: Any, root: str) -> None:
    tab.goto(f"{root}/ranking-2024.html?league=county")
    table = tab.locator("table.rank").first
    leagues = {row.get_attribute("data-league") for row in table.locator("tbody tr:visible").all()}
    assert leagues == {"county"}
    table.get_by_role("button", name="得分").click()
    assert re.search(r"league=county&sort=t1\.\d+", tab.url)
    before = shown(tab)
    scores = [float(cell) for cell in table.locator("tbody tr:visible td.strong:nth-of-type(7)").all_inner_texts()]
    assert scores == sorted(scores)
    tab.get_by_role("link", name="English").click()
    assert "/en/ranking-2024.html?league=county&sort=t1." in tab.url
    assert tab.locator("html").get_attribute("lang") == "en"
    assert shown(tab) == before, "the same choice and the same order"


def test_from_a_rank_to_the_sentence_a_figure_rests_on(tab: Any, root: str) -> None:
    tab.goto(f"{root}/ranking-2024.html")
    tab.locator("#d-c1-2024").get_by_role("link", name="一县").click()
    tab.get_by_role("link", name="一县商务局").first.click()
    tab.locator('[data-figure="adjusted"] a').first.click()
    assert tab.locator("mark:target").inner_text() == "调整预算298.00万元"
    assert "年初预算300.00万元" in tab.locator("blockquote", has=tab.locator("mark:target")).inner_text()


def test_a_finding_leads_to_the_words_it_is_about(tab: Any, root: str) -> None:
    tab.goto(f"{root}/division/c3.html")
    tab.get_by_role("link", name="支出大于调整预算").first.click()
    target = tab.locator(".finding:target")
    assert target.locator("mark").all_inner_texts() == ["调整预算298.00万元", "全年支出275.29万元"]
    assert "怎样改正" in target.inner_text()


def test_what_is_printed_is_the_ranking_and_not_the_buttons(tab: Any, root: str) -> None:
    tab.goto(f"{root}/ranking-2024.html")
    tab.emulate_media(media="print")
    for gone in ("nav.main", ".filter", ".actions"):
        assert not tab.locator(gone).first.is_visible(), gone
    assert tab.locator("#d-c1-2024").is_visible()
    assert "e1" in tab.locator(".strip").inner_text(), "a sheet of paper says which edition it is"
    assert len(tab.pdf(format="A4", landscape=True)) > 10_000


def test_light_or_dark_is_remembered(tab: Any, root: str) -> None:
    tab.goto(f"{root}/index.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(ground)
    tab.locator("button.theme").click()
    assert tab.evaluate(ground) != light
    tab.goto(f"{root}/method.html")
    assert tab.locator("html").get_attribute("data-theme") == "dark"


def test_without_javascript_every_page_is_whole(browser: Any, root: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{root}/ranking-2024.html")
    assert len(shown(tab)) == 3 and tab.locator("table.unranked tbody tr").count() >= 1
    assert tab.locator(".map svg a").count() >= 4, "every division has its square"
    tab.get_by_role("link", name="English").click()
    assert "Rank in league" in tab.locator("table.rank thead").first.inner_text()
    context.close()
