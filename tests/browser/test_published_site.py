"""The site of a real night, opened from the disk as a finance officer would: from a rank to its sentence."""

import re

import pytest
from playwright.sync_api import Page

from tests.nights import Home, Run

pytestmark = pytest.mark.night


def open_ranking(tab: Page, home: Home, division: str) -> None:
    """Open the ranking of the newest year that lists a division; the index shows the newest year of all."""
    pages = sorted((home.current / "site").glob("ranking-*.html"), reverse=True)
    tab.goto(next(page for page in pages if division in page.read_text(encoding="utf-8")).as_uri())


def test_two_clicks_from_a_rank_to_its_sentences(tab: Page, real_night: tuple[Home, Run]) -> None:
    open_ranking(tab, real_night[0], "仲恺高新技术产业开发区")
    assert "仲恺高新技术产业开发区" in tab.inner_text("body") and "暂定" in tab.inner_text("body")
    tab.get_by_role("link", name="仲恺高新技术产业开发区").first.click()
    tab.get_by_role("link", name="仲恺高新区经济发展局").first.click()
    shown = re.sub(r"\s+", "", tab.inner_text("body"))
    assert "14,871.77" in shown and "92.38%" in shown
    marked = [re.sub(r"\s+", "", text) for text in tab.locator("mark").all_inner_texts()]
    assert any("14871.77万元" in text for text in marked)
    assert any("51宗" in text for text in marked)
    assert "与重算不符" not in shown


def test_a_returned_report_says_what_is_wrong_and_how_to_mend_it(tab: Page, real_night: tuple[Home, Run]) -> None:
    open_ranking(tab, real_night[0], "新丰县")
    tab.get_by_role("link", name="新丰县").first.click()
    tab.get_by_role("link", name="新丰县工业和信息化局").first.click()
    shown = re.sub(r"\s+", "", tab.inner_text("body"))
    assert "已退回" in shown and "355.33%" in shown and "182.33%" in shown and "298" not in shown
    assert "未提供" in shown and "请核对完成值、目标值和完成率" in shown
    marked = re.sub(r"\s+", "", " ".join(tab.locator("mark").all_inner_texts()))
    assert "2132万美元" in marked and "600万美元" in marked


def test_every_link_of_every_page_leads_somewhere(sample_night: tuple[Home, Run]) -> None:
    site = sample_night[0].current / "site"
    for path in sorted(site.rglob("*.html")):
        for target in re.findall(r'(?:href|src)="([^"#?]+)', path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} points at {target}"


def test_ranks_and_coverage_of_a_province(tab: Page, sample_night: tuple[Home, Run]) -> None:
    home = sample_night[0]
    tab.goto((home.current / "site" / "ranking-2024.html").as_uri())
    shown = tab.inner_text("body")
    sql = "select d.name, r.rank from rank_division r join dim_division d using (division_key) "
    for name, rank in home.rows(sql + "where is_ranked and fiscal_year = 2024"):
        row = tab.locator("tr", has=tab.get_by_role("link", name=name, exact=True)).first
        assert str(rank) in row.inner_text().split()
    assert "可评部门比例低于排名所要求的下限" in shown
