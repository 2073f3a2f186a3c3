"""The page of self scores and evidence, and its sheet: figures beside their denominators, and no tiny cohort told."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from publish import data, site
from publish.site import inflation
from tests.component import edition_fixture as made


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


@pytest.fixture(scope="module")
def html(edition: Path) -> str:
    return (edition / "site" / "inflation.html").read_text(encoding="utf-8")


def words(html: str) -> str:
    return re.sub(r"<[^>]*>|\s+", "", html)


def cohort_row(html: str, name: str) -> str:
    [row] = [row for row in re.findall(r"<tr>.*?</tr>", html, re.S) if f">{name}</a><span" in row]
    return words(row)


def test_the_province_is_told_with_counts_beside_shares(html: str) -> None:
    shown = dict(re.findall(r'data-field="(\w+)" data-value="([^"]*)"', html))
    assert shown == {
        "with_both": "11", "mean_gap": "12.25000000", "median_gap": "9.50000000", "above_evidence": "8",
        "claims_top": "10",
    }  # fmt: skip
    text = words(html)
    assert "+12.25" in text and "自评平均94.50，证据平均82.25" in text
    assert "72.73%高出超过5分的8个；低于证据超过5分的0个" in text and "90.91%证据得分达到优的27.27%" in text
    assert "不是结论" in text, "a gap is a question"


def test_divisions_that_gain_stand_first_and_small_ones_last_without_figures(html: str) -> None:
    table = html.split("各区划：3 个")[1].split("</table>", maxsplit=1)[0]
    assert table.index(">二县</a>") < table.index(">一县</a>") < table.index(">四新区</a>")
    gaining, small = cohort_row(html, "二县"), cohort_row(html, "四新区")
    assert "3/4" in gaining and "+27.00" in gaining and "第1/第22个相比，自评靠前1位" in gaining
    assert "自评靠后1位" in cohort_row(html, "一县")
    assert small.count("部门太少") == 1 and small.count("—") == 6 and "不比较" in small and "%" not in small
    alone = words(html.split("各同类组：1 个")[1].split("</table>", maxsplit=1)[0])
    assert "不比较" in alone and "第1" not in alone, "one cohort alone has no place"


def test_departments_above_the_bound_are_listed_largest_gap_first(html: str) -> None:
    table = html.split("自评高于证据超过 5 分：2 个部门")[1].split("</table>", maxsplit=1)[0]
    assert table.index("二县商务局") < table.index("&lt;b&gt;坏&lt;/b&gt;县") and "一县商务局" not in table
    assert 'href="department/c2.commerce.html#y2024"' in table and "优/中" in words(table)


def test_only_cohorts_with_enough_scores_are_told_to_clump(html: str) -> None:
    table = html.split("自评得分的聚集：1 个群组")[1].split("</table>", maxsplit=1)[0]
    assert "甲省1290.0050.00%6/1237.50%50.00%6/128.33%1/1290.00–96.50" in words(table)


def test_the_shape_stands_upon_one_line(edition: Path, html: str) -> None:
    bands = data.load(edition).inflation_bands
    chart = inflation.chart(bands)
    assert (chart["most"], chart["ticks"][0]["band"], chart["ticks"][-1]["band"]) == (9, 60, 100)
    assert [column["up"] for column in chart["columns"]] == [0, 0, inflation.HALF_HEIGHT, inflation.HALF_HEIGHT / 3]
    assert chart["columns"][3]["down"] == inflation.HALF_HEIGHT
    assert [mark["grade"] for mark in chart["grades"]] == ["中", "良", "优"]
    assert "<title>96 分段：自评 3 个，证据 9 个</title>" in html


@pytest.mark.parametrize(("lowest", "first"), [(95, 70), (61, 60), (40, 40), (0, 0)])
def test_the_axis_begins_at_a_ten_below_all_scores(lowest: int, first: int) -> None:
    chart = inflation.chart([{"band": lowest, "grade_from": None, "by_self_score": 1, "by_evidence": 0}])
    assert chart["ticks"][0]["band"] == first and chart["columns"][0]["x"] == (lowest - first) * inflation.BAND_WIDTH


def test_an_edition_without_scores_says_so(tmp_path: Path) -> None:
    edition = made.make_edition(tmp_path)
    with duckdb.connect(str(edition / "warehouse.duckdb")) as con:
        for table in ("inflation_cohort", "inflation_department", "inflation_band"):
            con.execute(f"DELETE FROM {table}")
    site.render(edition)
    assert "没有可以与证据比较的自评得分" in (edition / "site" / "inflation.html").read_text(encoding="utf-8")


def test_the_workbook_has_both_scores(edition: Path) -> None:
    sheet = openpyxl.load_workbook(edition / "rankings.xlsx")["自评与证据"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    by_name = {row[head.index("部门")]: dict(zip(head, row, strict=True)) for row in rows}
    assert Decimal(str(by_name["二县商务局"]["差距（分）"])) == Decimal("26.25")
    assert by_name["四新区第1局"]["自评得分"] == "未提供" and by_name["四新区第1局"]["差距（分）"] == "不适用"
