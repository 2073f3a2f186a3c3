"""Where a division stands in each scope, whether it improved, and what a score rests on, as the pages tell it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.component import edition_fixture as made


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


def page(edition: Path, name: str) -> str:
    return (edition / "site" / name).read_text(encoding="utf-8")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def row(html: str, mark: str) -> str:
    found = re.search(rf"<tr {mark}>(.*?)</tr>", html, re.DOTALL)
    assert found, mark
    return found[1]


def test_a_division_stands_in_each_scope_beside_those_it_does_not_differ_from(edition: Path) -> None:
    html = page(edition, "division/c1.html")
    assert words(row(html, 'data-scope="province"')).split()[:2] == ["全省", "第1名"]
    league = row(html, 'data-scope="league"')
    assert (
        "另有 1 个未排名" in league and '<a href="../division/c2.html">二县</a>' in league and "c3.html" not in league
    )
    assert "无，与各区划都分得出先后" in row(html, 'data-scope="region"')


def test_an_improvement_says_whether_it_is_more_than_chance(edition: Path) -> None:
    told = words(page(edition, "division/c1.html"))
    assert "+7.13 分（80.00 → 87.13），90% 区间 +2.50 至 +11.25 分，变化显著；进步榜第 1 名，共 2 个" in told
    assert "比上年度" not in page(edition, "division/c2.html")


def test_a_department_sees_what_each_component_earned_or_why_it_cannot(edition: Path) -> None:
    html = page(edition, "department/c1.commerce.html")
    assert "共 10 项，计入 9 项" in row(html, 'data-component="verified_share"')
    unknown = words(row(html, 'data-component="targets_without_drift"'))
    assert "不可评：没有写目标" in unknown and "不适用" in unknown
    assert html.index('data-component="verified_share"') < html.index('data-component="targets_without_drift"')


def test_the_method_page_has_every_component_and_both_chapters(edition: Path) -> None:
    told = words(page(edition, "method.html"))
    for word in ("预算执行率", "按比例，至多得满分", "0天得100%，1天得0%", "SHAKE-128", "报告得分＝100", "本站采用"):
        assert word in told
    assert told.index("目标完成率") < told.index("核实比例") < told.index("按期报送")
