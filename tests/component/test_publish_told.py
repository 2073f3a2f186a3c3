"""What an edition tells of itself: the page of changes, the notice, an override, waivers, final years."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from publish import bulletin, data, digest, notice
from publish.bulletin.style import Style
from publish.data import About
from tests.component import edition_fixture as made

OVERRIDE = {
    "who": "王处长",
    "why": "会议当日使用，<甲县>已核实",
    "at": "2026-11-22T01:00:00+00:00",
    "expectations": ["E07", "E12"],
}
WAIVER = {"waiver_id": "w1", "expectation_id": "E20", "who": "a", "approved_by": "b", "why": "新区划尚未建档"}
FINALS = {"2024": {"edition_id": "e1", "frozen_on": "2026-10-01", "who": "王处长", "revision": 0}}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return made.make_pair(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition that a person published against the gate, with a waiver and a final year."""
    facts = {"override": OVERRIDE, "waivers": [{**WAIVER, "valid_until": "2027-01-31"}], "finals": FINALS}
    return made.make_edition(tmp_path_factory.mktemp("marked"), "e2", gate_decision="override", facts=facts)


def words(edition: Path, name: str) -> str:
    html = (edition / "site" / name).read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def rows(edition: Path) -> dict[str, str]:
    html = (edition / "site" / "changes.html").read_text(encoding="utf-8")
    return dict(re.findall(r'<tr data-division="(\w+)"(.*?)</tr>', html, re.DOTALL))


# The page of changes


def test_who_moved_and_why_with_a_way_to_their_page(pair: tuple[Path, Path]) -> None:
    found = rows(pair[1])
    assert list(found) == ["c3", "c1", "c5", "c2"], "ranks first, the longest way first; then scores alone"
    assert 'href="division/c1.html#y2024"' in found["c1"]
    assert "重新报送 +3.02 分" in found["c1"] and "第2名 → 并列第1名" in found["c1"]
    assert "上期名次仍在本期 90% 区间 1–2 内" in found["c1"] and "区间" not in found["c3"]
    assert "本期开始排名" in found["c5"]
    assert "重新读取 +1.13 分" in found["c2"] and "86.00 → 87.13" in found["c2"]


def test_a_division_that_moved_only_because_others_did_says_so(pair: tuple[Path, Path]) -> None:
    found = rows(pair[1])
    assert [key for key, row in found.items() if "只因其他单位变动" in row] == ["c3"]


def test_restated_figures_stand_with_before_after_and_the_report(pair: tuple[Path, Path]) -> None:
    told = words(pair[1], "changes.html")
    assert "年初预算（合计） 改写 310.00 万元 300.00 万元 第 2 版" in told
    assert "补正（以另一版本为准）：1 项" in told and "结论变化 0" in told


def test_a_first_and_an_unchanged_edition_say_one_calm_sentence(pair: tuple[Path, Path], tmp_path: Path) -> None:
    assert "本期为首期，没有上期可比" in words(pair[0], "changes.html")
    assert rows(pair[0]) == {}
    same = made.make_edition(tmp_path, "e3", pair[1], change="DELETE FROM movement_division")
    # e3 lacks the restatement and the rereading, which change neither a rank nor a report.
    assert "均无变化" in words(same, "changes.html") and "<table" not in words(same, "changes.html")


def test_an_edition_without_movements_names_who_moved_from_the_difference(tmp_path: Path) -> None:
    first = made.make_edition(tmp_path, "e1", change=made.BEFORE)
    second = made.make_edition(tmp_path, "e2", first, change="DELETE FROM movement_division")
    assert "原因未分解" in rows(second)["c1"] and "84.11 → 87.13" in rows(second)["c1"]
    assert "60.00 → 60.00" in rows(second)["c3"], "a score that the difference does not name is as it was"


def test_the_index_leads_to_the_page_of_changes(pair: tuple[Path, Path]) -> None:
    html = (pair[1] / "site" / "index.html").read_text(encoding="utf-8")
    assert '<a href="changes.html">谁变了，为什么</a>' in html and "diff.json" not in html


# The notice


def test_the_notice_is_a_digest(pair: tuple[Path, Path]) -> None:
    facts = json.loads((pair[1] / "notice.json").read_text(encoding="utf-8"))
    text = (pair[1] / "notice.txt").read_text(encoding="utf-8")
    assert facts["ranks_moved"] == 3 and [row["rank_now"] for row in facts["moves"]] == [3, 1, 1]
    for line in (
        "绩衡通知：e2 期已发布",
        "门禁：通过（校验 2 项，1 项提醒）",
        "区划名次变动 3 个；新增报送 0，补正 1，撤回 0，结论变化 0，数字被补正 2。",
        "应报 9，已报 3，逾期未报 4，退回后尚未重报 1（其中 1 份已过重报期限）",
        "一县（县与县级市）：第2名 → 并列第1名。原因：重新报送 +3.02 分，他方变动（▲ 1 名）",
        "本区划没有变化，只因其他单位变动",
        "Jiheng: edition e2 is published",
        "Since the last edition: 3 divisions moved in rank",
    ):
        assert line in text
    chinese, _, english = text.partition("----")
    assert not re.search(r"[\u4e00-\u9fff]{6,}", english.replace(made.MARKUP_NAME, "")), "English is complete"
    assert "edition" not in chinese
    for place in re.findall(r"site/\w+\.html", text):
        assert (pair[1] / place).is_file()


def test_the_notice_claims_no_difference_where_there_is_none(pair: tuple[Path, Path]) -> None:
    text = (pair[1] / "notice.txt").read_text(encoding="utf-8")
    assert not re.search(r"超过|领先|优于|高于|落后|第一|better|ahead|beat|best|worst", text)
    [line] = [line for line in text.splitlines() if "一县（" in line]
    assert "上期名次仍在本期 90% 区间之内" in line and "与同类组 2 个区划没有显著差别" in line
    [line] = [line for line in text.splitlines() if made.MARKUP_NAME in line and "年度" in line]
    assert "区间" not in line and "与同类组 2 个区划没有显著差别" in line


def test_the_notice_of_a_first_and_of_an_unchanged_edition(pair: tuple[Path, Path], tmp_path: Path) -> None:
    assert "本期为首期，没有上期可比。" in (pair[0] / "notice.txt").read_text(encoding="utf-8")
    same = made.make_edition(tmp_path, "e3", pair[1])
    assert "均无变化。" in (same / "notice.txt").read_text(encoding="utf-8")
    assert json.loads((same / "notice.json").read_text(encoding="utf-8"))["unchanged"] is True


def test_a_notice_that_leaves_the_house_names_only_whose_rank_is_published(pair: tuple[Path, Path]) -> None:
    edition = data.load(pair[1])
    everybody = {row["name"]: row["is_publishable"] for row in notice.compose(edition)["moves"]}
    first = {row["name"]: row["is_publishable"] for row in notice.compose(edition, Style(show_first=1))["moves"]}
    assert len(everybody) == 3 and all(everybody.values())
    assert first == {made.MARKUP_NAME: False, "一县": True, "五区": True}, "the third of its league is not published"


def test_the_notice_of_a_held_night() -> None:
    reasons = [{"zh": "甲县本期没有一行", "en": "A county is missing"}, {"zh": "总数不符", "en": ""}]
    standing = About("e8", as_of="2026-11-22T18:00:00+00:00")
    here = digest.Place(None, None)
    told = digest.held(reasons, standing, "jiheng gate explain", here, date(2026, 11, 24))
    chinese, english = told["zh"], told["en"]
    assert chinese.title == "绩衡 11月24日：门禁拦截，本夜未发布"
    assert chinese.lines[0].startswith("仍展示 e8 期，数据截至 2026-11-23 02:00（北京时间）")
    assert chinese.lines[-2:] == ("1. 甲县本期没有一行", "2. 总数不符") and "jiheng gate explain" in chinese.lines[1]
    assert (
        english.lines[-2:] == ("1. A county is missing", "2. 总数不符") and "02:00 (Beijing time)" in english.lines[0]
    )
    nothing = digest.held(reasons, None, "jiheng verify", here, date(2026, 11, 24))
    assert nothing["zh"].lines[0] == "尚无已发布的期。"


# Override, waivers, final years


def test_an_override_stands_on_every_page_and_in_every_product(marked: Path) -> None:
    for path in (marked / "site").rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        shown = html.split('data-field="override"')[1].split("</div>")[0]
        for word in ("王处长", "2026-11-22 09:00", "会议当日使用，&lt;甲县&gt;已核实", "E07", "E12"):
            assert word in shown, (path.name, word)
        assert "豁免</dt>" in html or "Waivers</dt>" in html
    text = bulletin.compose(marked)
    assert "由王处长于2026-11-22 09:00（北京时间）放行发布" in text.override and "豁免1项" in text.opening
    told = (marked / "notice.txt").read_text(encoding="utf-8")
    assert "【人工放行】" in told and "PUBLISHED BY OVERRIDE of 王处长" in told and "豁免 1 项" in told


def test_the_word_file_and_the_workbook_show_it_too(marked: Path) -> None:
    docx, openpyxl = pytest.importorskip("docx"), pytest.importorskip("openpyxl")
    paragraphs = [one.text for one in docx.Document(marked / "bulletin.docx").paragraphs]
    assert bulletin.compose(marked).override in paragraphs
    assert "一、甲省2024年度（定稿）" in paragraphs
    book = openpyxl.load_workbook(marked / "rankings.xlsx")
    cover = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert "王处长" in cover["人工放行"] and "E20" in cover["豁免"] and "e1 期" in cover["定稿"]
    for sheet in book:
        assert sheet.oddHeader.center.text == "本期经人工放行发布，见“说明”"
        if sheet.title not in ("说明", "指标说明") and sheet.max_row > 1:
            assert sheet.cell(1, 2).value == "年度状态" and sheet.cell(2, 2).value == "定稿"


def test_an_ordinary_edition_shows_none_of_it(pair: tuple[Path, Path]) -> None:
    for path in (pair[1] / "site").rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert 'data-field="override"' not in html and "data-final" not in html and "豁免</dt>" not in html
    assert bulletin.compose(pair[1]).override == ""


@pytest.mark.parametrize(
    "name", ["index.html", "filing.html", "inflation.html", "division/c1.html", "department/c1.commerce.html"]
)
def test_a_final_year_is_marked_beside_its_heading(marked: Path, name: str) -> None:
    html = (marked / "site" / name).read_text(encoding="utf-8")
    heads = [head for head in re.findall(r"<h2.*?</h2>", html, re.DOTALL) if "2024 年度" in head]
    assert heads and all('data-final="2024"' in head and ">定稿</span>" in head for head in heads)
    root = "../" * name.count("/")
    assert all(f'class="outside frozen" href="{root}../../e1/site/index.html"' in head for head in heads)


def test_a_revision_has_its_number() -> None:
    about = About("e5", finals={"2024": {"revision": 2}, "2023": {"revision": 0}})
    assert [about.final_mark(year) for year in (2024, 2023, 2022)] == ["修订 2", "定稿", ""]
