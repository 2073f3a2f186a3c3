"""The bulletin: its words claim nothing that the data do not bear; PDF and Word file hold the same words."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiheng.settings import Settings
from publish import bulletin, data, format
from publish.bulletin import FontMissingError, Style, Typefaces
from publish.bulletin.text import Bulletin, composed, numeral
from tests.component import edition_fixture as made

TWO_AND_ONE = Style(show_first=2, show_last=1)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("bulletin"))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return made.make_pair(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="module")
def loaded(edition: Path) -> data.Edition:
    return data.load(edition)


def part(text: Bulletin, heading: str, section: int = 0) -> Any:
    return next(one for one in text.sections[section].parts if one.heading.endswith(heading))


def words(one: Any) -> str:
    return "".join(one.paragraphs)


# What it says of the usual edition


def test_a_tie_is_called_a_tie(edition: Path) -> None:
    text = bulletin.compose(edition)
    leagues = part(text, "同类组排名")
    assert f"一县、二县并列第1名，得分87.13，与{made.MARKUP_NAME}没有显著差别。" in words(leagues)
    assert [row[0] for row in leagues.tables[0].rows] == ["并列1", "并列1", "3"]
    assert part(text, "总体情况").lines == ("未排名，可评部门比例低于排名所要求的下限：四新区。",)
    assert "没有应报名册，覆盖率未知，其名次为暂定" in words(part(text, "总体情况", 1))


def test_a_league_of_one_is_not_compared(edition: Path) -> None:
    assert words(part(bulletin.compose(edition), "同类组排名", 1)) == "市辖区组仅1个区划参加排名，不作先后比较。"


def test_an_improvement_is_significant_only_beyond_its_interval(loaded: data.Edition) -> None:
    told = part(composed(loaded), "进步情况")
    assert "得分显著上升1个，显著下降0个，其余0个的增减不显著" in words(told)
    assert told.tables[0].rows == (("1", "一县", "80.00", "87.13", "+7.13", "+2.50 至 +11.25", "显著上升"),)
    unsure = [row | {"improvement_low": Decimal("-0.5")} for row in loaded.division_improvements]
    told = part(composed(dataclasses.replace(loaded, division_improvements=unsure)), "进步情况")
    assert "其余1个的增减不显著" in words(told) and told.tables[0].rows[0][-1] == "不显著"


def test_movements_are_told_with_their_causes(pair: tuple[Path, Path]) -> None:
    text = bulletin.compose(pair[1])
    told = part(text, "与上期相比")
    assert "名次变动的区划2个：上升1个，下降1个。" in words(told)
    assert any(
        line.startswith("一县（县与县级市）：上期第2名，本期并列第1名。原因：重新报送+3.02分，他方变动（升1名）。")
        for line in told.lines
    )
    assert any("本区划没有变化，只因其他单位变动" in line for line in told.lines)
    assert "本期为首期，没有上期可比。" in words(part(bulletin.compose(pair[0]), "与上期相比"))


def test_restated_figures_are_told_before_and_now(pair: tuple[Path, Path]) -> None:
    told = part(bulletin.compose(pair[1]), "数字更正")
    assert "1份报告重新报送，更正数字2项，其中改写2项。" in words(told)
    assert ("一县", "一县商务局", "年初预算（合计）", "310.00 万元", "300.00 万元") in told.tables[0].rows


def test_a_unit_that_is_ranked_no_more_is_told_unless_the_list_is_partial(tmp_path: Path) -> None:
    gone = (
        "UPDATE movement_division SET rank_now = NULL, score_now = NULL, points = NULL, places = NULL, "
        "is_split = false, cause = 'no_longer_ranked' WHERE division_key = 'c3';"
        "UPDATE rank_division SET rank = NULL, score = NULL, is_ranked = false, unranked_reason = 'returned' "
        "WHERE division_key = 'c3'"
    )
    first = made.make_edition(tmp_path, "e1", change=made.BEFORE)
    edition = made.make_edition(tmp_path, "e2", previous=first, change=made.AFTER + ";" + gone)
    told = part(bulletin.compose(edition), "与上期相比")
    assert "本期不再排名1个" in words(told)
    assert any("上期第1名，本期未排名。" in line and line.startswith(made.MARKUP_NAME) for line in told.lines)


def test_filings_name_who_is_awaited(edition: Path) -> None:
    rows = {row[0]: row for row in part(bulletin.compose(edition), "报送情况").tables[0].rows}
    assert rows["四新区"][1] == "4" and "等4个" in rows["四新区"][3]
    assert rows[made.MARKUP_NAME][2] == "1" and "超过重报期限" in rows[made.MARKUP_NAME][3]


def test_an_empty_edition_reads_well(tmp_path: Path, edition: Path) -> None:
    empty = tmp_path / "empty"
    shutil.copytree(edition, empty, ignore=shutil.ignore_patterns("site", "csv", "parquet"))
    import duckdb

    (empty / "warehouse.duckdb").chmod(0o644)
    with duckdb.connect(str(empty / "warehouse.duckdb")) as con:
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'").fetchall():
            if name.startswith(("rank_", "dim_sub", "fct_", "filing_", "movement_d", "movement_m")):
                con.execute(f"DELETE FROM {name} WHERE {'method_id IS NULL' if name.startswith('ranking') else 'true'}")
    text = bulletin.compose(empty)
    assert text.sections == () and text.opening == "本期没有可以排名的数据：尚未收到能够识别的报送。"
    assert text.title == ("部门整体支出绩效排名通报",) and text.notes_heading == "说明"
    bulletin.write(empty)


def test_headings_count_as_officials_do() -> None:
    assert [numeral(at) for at in (0, 9, 10, 18, 19, 20, 31)] == [
        "一",
        "十",
        "十一",
        "十九",
        "二十",
        "二十一",
        "三十二",
    ]


# Whatever the data: no claim that they do not bear


def edition_of(loaded: data.Edition, scores: list[int], alike: bool, provisional: bool) -> data.Edition:
    """The edition with one league of so many divisions, ranked by these scores; all alike, or none."""
    pattern = next(row for row in loaded.division_ranks if row["division_key"] == "c1")
    keys = [f"d{at:02d}" for at in range(len(scores))]
    ranks = []
    for key, score in zip(keys, scores, strict=True):
        rank = 1 + sum(other > score for other in scores)
        ranks.append(
            pattern
            | {"division_key": key, "score": Decimal(score) + Decimal("0.12345678"), "rank": rank}
            | {"is_tied": scores.count(score) > 1, "rank_low": rank, "rank_high": len(scores), "previous_rank": None}
            | {"indistinct_from": [other for other in keys if other != key] if alike else []}
            | {"is_provisional": provisional, "due": None if provisional else 10}
        )
    regions = [
        row | {"scope": "region", "scope_key": "东", "ranked_units": len(scores), "units": len(scores)} for row in ranks
    ]
    risen = [
        row
        | {"score_before": row["score"] - Decimal("3.5"), "improvement": Decimal("3.5"), "improvement_high": Decimal(9)}
        | {"improvement_low": Decimal(-1 if alike else 1)}
        for row in ranks
    ]
    names = {key: loaded.divisions["c1"] | {"division_key": key, "name": f"〔{key}〕县"} for key in keys}
    return dataclasses.replace(
        loaded,
        divisions=loaded.divisions | names,
        division_ranks=ranks,
        division_scopes=regions,
        division_improvements=risen,
        filings=[],
        filing_divisions=[],
    )


SCORES = st.lists(st.integers(40, 60), min_size=1, max_size=14)


@settings(deadline=None, max_examples=60)
@given(scores=SCORES, alike=st.booleans(), provisional=st.booleans())
def test_nobody_is_called_first_alone_among_equals(
    loaded: data.Edition, scores: list[int], alike: bool, provisional: bool
) -> None:
    text = composed(edition_of(loaded, scores, alike, provisional))
    told, firsts = words(part(text, "同类组排名")), scores.count(max(scores))
    if len(scores) == 1:
        assert "第1名" not in told
    else:
        assert ("并列第1名" in told) == (firsts > 1)
        assert ("没有显著差别" in told) == (alike and firsts < len(scores))
    for row in part(text, "同类组排名").tables[0].rows:
        assert row[0].startswith("并列") == (sum(r[0] == row[0] for r in part(text, "同类组排名").tables[0].rows) > 1)
        assert row[2].endswith("（暂定）") == provisional
        assert (row[4] == "未知") == provisional
    improved = words(part(text, "进步情况"))
    assert f"得分显著上升{0 if alike else len(scores)}个" in improved
    assert "None" not in text.words() and "领先" not in text.words() and "优于" not in text.words()


@settings(deadline=None, max_examples=60)
@given(scores=SCORES, first=st.integers(1, 5), last=st.integers(1, 5), alike=st.booleans())
def test_nothing_of_a_unit_outside_the_published_list_leaves(
    loaded: data.Edition, scores: list[int], first: int, last: int, alike: bool
) -> None:
    shown = edition_of(loaded, scores, alike, False)
    text = composed(shown, Style(show_first=first, show_last=last))
    ranked = sorted(shown.division_ranks, key=lambda row: (row["rank"], row["division_key"]))
    listed = {row[2] for table in part(text, "同类组排名").tables for row in table.rows}
    for at, row in enumerate(ranked):
        name = shown.division_name(row["division_key"])
        inside = at < first or at >= len(ranked) - last
        ties = any(
            other["score"] == row["score"] and (place < first or place >= len(ranked) - last)
            for place, other in enumerate(ranked)
        )
        assert (name in listed) == (inside or ties)
        if name not in listed:
            assert name not in text.words(), "a unit outside is named"
    if len(listed) < len(ranked):
        assert "中位数" not in words(part(text, "同类组排名")) + words(part(text, "总体情况"))
        outside = {row["score"] for row in ranked} - {
            row["score"] for row in ranked if shown.division_name(row["division_key"]) in listed
        }
        assert not any(format.score(score) in text.words() for score in outside)


def test_a_published_list_says_that_it_is_one(loaded: data.Edition) -> None:
    text = composed(edition_of(loaded, [60, 55, 55, 50, 49, 48], False, False), TWO_AND_ONE)
    assert "本通报列出前2名和后1名（含并列），其余2个区划的名次和得分不在此列出。" in words(part(text, "同类组排名"))
    assert [row[0] for row in part(text, "同类组排名").tables[0].rows] == ["1", "并列2", "并列2", "6"]
    assert any("名单以外区划的得分和名次不在本通报中公布" in note for note in text.notes)
    assert "不在本通报中公布" not in "".join(composed(loaded).notes)


# The files


def extracted(path: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout


def compact(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_word_file_holds_the_same_words_in_named_styles(edition: Path) -> None:
    text = bulletin.compose(edition)
    document = docx.Document(edition / "bulletin.docx")
    said = compact("".join(paragraph.text for paragraph in document.paragraphs))
    for section in text.sections:
        for one in section.parts:
            assert all(compact(line) in said for line in (*one.paragraphs, *one.lines))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    tables = [table for section in text.sections for one in section.parts for table in one.tables]
    assert cells == [word for table in tables for row in (table.columns, *table.rows) for word in row]
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "Normal"} <= styles
    named = zipfile.ZipFile(edition / "bulletin.docx").read("word/styles.xml").decode()
    assert all(font in named for font in ("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"))
    body = zipfile.ZipFile(edition / "bulletin.docx").read("word/document.xml").decode()
    assert body.count("<w:tblHeader") == len(tables)
    footer = zipfile.ZipFile(edition / "bulletin.docx").read("word/footer1.xml").decode()
    assert 'w:instr="PAGE"' in footer


def test_the_pdf_is_archival_tagged_and_readable_in_order(edition: Path) -> None:
    content = (edition / "bulletin.pdf").read_bytes()
    assert b"pdfaid:part>2<" in content and b"pdfaid:conformance>A<" in content and b"pdfuaid:part>1<" in content
    facts = subprocess.run(["pdfinfo", edition / "bulletin.pdf"], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Tagged:\s+yes", facts) and re.search(r"Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)", facts)
    fonts = subprocess.run(["pdffonts", edition / "bulletin.pdf"], check=True, capture_output=True, text=True).stdout
    lines = fonts.splitlines()[2:]
    assert lines and all(line.split()[-5] == "yes" and line.split()[-3] == "yes" for line in lines), fonts
    flowing = subprocess.run(["pdftotext", edition / "bulletin.pdf", "-"], check=True, capture_output=True, text=True)
    said = compact(re.sub(r"— \d+ —", "", flowing.stdout))
    text, at = bulletin.compose(edition), 0
    for section in text.sections:
        for heading in (section.heading, *(one.heading for one in section.parts)):
            at = said.index(compact(heading), at)


def test_the_red_head_is_what_is_set_and_nothing_else(edition: Path, tmp_path: Path) -> None:
    style = Style(red_head="某省财政厅文件", number="某财绩〔2026〕 号", signature="某省财政厅")
    shutil.copytree(edition, tmp_path / "e", ignore=shutil.ignore_patterns("site", "csv", "parquet", "bulletin.*"))
    bulletin.write(tmp_path / "e", style)
    printed = compact(extracted(tmp_path / "e" / "bulletin.pdf"))
    assert printed.startswith("某省财政厅文件某财绩〔2026〕号") and "某省财政厅年月日" in printed
    said = [paragraph.text for paragraph in docx.Document(tmp_path / "e" / "bulletin.docx").paragraphs]
    assert said[0] == "某省财政厅文件" and "某省财政厅" in said
    assert "财政厅" not in extracted(edition / "bulletin.pdf")


def test_the_same_edition_gives_the_same_bytes(edition: Path) -> None:
    text = bulletin.compose(edition)
    assert bulletin.pdf(text) == (edition / "bulletin.pdf").read_bytes()
    assert bulletin.docx(text) == (edition / "bulletin.docx").read_bytes()


def test_a_font_that_is_not_there_is_told(loaded: data.Edition, tmp_path: Path) -> None:
    faces = Typefaces.of(Settings(tmp_path, font_title="方正小标宋简体"))
    with pytest.raises(FontMissingError, match="JIHENG_FONT_TITLE 所指的字体“方正小标宋简体”不在字体目录"):
        bulletin.pdf(composed(loaded), faces)
    assert bulletin.pdf(composed(loaded), Typefaces(title="noto sans sc")).startswith(b"%PDF")
