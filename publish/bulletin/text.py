"""The bulletin's words, built from the data once; the PDF and the Word file print the same text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from publish import data, format, labels
from publish.bulletin.filings import filings
from publish.bulletin.improvement import improvement
from publish.bulletin.leagues import leagues
from publish.bulletin.movements import movements
from publish.bulletin.overall import overall
from publish.bulletin.regions import regions
from publish.bulletin.restatements import restatements
from publish.bulletin.style import EVERYTHING, Style
from publish.bulletin.subject import Part, Subject
from publish.data import Edition, Row
from publish.site import views
from publish.site.book import Book

PARTS = (overall, leagues, regions, improvement, movements, filings, restatements)
NUMERALS = "一二三四五六七八九十"
# What the bulletin says nothing of: the ranks of single departments and their self scores.
UNTOLD = (
    *("rank_department", "movement_department", "movement_member", "filing_day"),
    *("inflation_department", "inflation_cohort", "inflation_band"),
)
TITLE = "部门整体支出绩效排名通报"
# Characters of the title's size that stand in one line of the page.
LINE_OF_TITLE = 18


@dataclass(frozen=True)
class Section:
    """One province and fiscal year, in its parts."""

    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Bulletin:
    """The whole text, in reading order."""

    red_head: str
    number: str
    title: tuple[str, ...]
    data_time: str
    as_of: str | None
    override: str
    opening: str
    sections: tuple[Section, ...]
    notes_heading: str
    notes: tuple[str, ...]
    signature: str

    def plain(self) -> dict[str, Any]:
        """The text as nested dictionaries and lists."""
        return asdict(self)

    def words(self) -> str:
        """Everything that it says, a line for each paragraph and cell, in reading order."""
        lines = [*self.title, self.data_time, self.override, self.opening]
        for section in self.sections:
            lines.append(section.heading)
            for part in section.parts:
                lines += [part.heading, *part.paragraphs]
                for table in part.tables:
                    lines += [table.heading, *(chart.alt for chart in table.charts), *table.columns]
                    lines += [cell for row in table.rows for cell in row]
                lines += part.lines
        return "\n".join(line for line in [*lines, self.notes_heading, *self.notes] if line)


def compose(edition: Path, style: Style = EVERYTHING) -> Bulletin:
    """The bulletin of an edition as the province wants it."""
    return composed(data.load(edition, UNTOLD), style)


def composed(loaded: Edition, style: Style = EVERYTHING) -> Bulletin:
    """The bulletin of an edition that is in memory."""
    found = views.sections(loaded)
    book = Book(loaded)
    sections = tuple(_section(book, row, style, at) for at, row in enumerate(found))
    return Bulletin(
        red_head=style.red_head,
        number=style.number,
        title=_title(found),
        data_time=f"数据时间：{format.moment(loaded.about.as_of)}　期号：{loaded.about.edition_id}",
        as_of=loaded.about.as_of,
        override=_override(loaded.about),
        opening=_opening(loaded),
        sections=sections,
        notes_heading=f"{numeral(len(sections))}、说明" if sections else "说明",
        notes=_notes(loaded, style),
        signature=style.signature,
    )


def numeral(at: int) -> str:
    """The ordinal of a heading, from 0: 一, 二, ... 十一 ... 二十一."""
    tens, ones = divmod(at + 1, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十") + (
        NUMERALS[ones - 1] if ones else ""
    )


def _title(sections: list[Row]) -> tuple[str, ...]:
    """With province and year where there is but one; in two lines, broken between words, where one does not hold it."""
    units = {(row["province"], row["fiscal_year"]) for row in sections}
    if len(units) != 1:
        return (TITLE,)
    province, year = next(iter(units))
    head = f"{province}{year}年度"
    return (head + TITLE,) if len(head + TITLE) <= LINE_OF_TITLE else (head, TITLE)


def _override(about: data.About) -> str:
    """Who published against the gate, and why; nothing for an edition that the gate let through."""
    if about.override is None:
        return ""
    return (
        f"本期未全部通过发布门禁，由{about.override['who']}于{format.moment(about.override['at'])}放行发布。"
        f"理由：{about.override['why']}。放行的校验：{'、'.join(about.override['expectations'])}。"
    )


def _opening(loaded: Edition) -> str:
    strip = views.strip(loaded)
    if not strip["divisions"]:
        return "本期没有可以排名的数据：尚未收到能够识别的报送。"
    shown = views.shown_ranks(loaded)
    ranked = sum(bool(row["is_ranked"]) for row in shown)
    waived = f"，豁免{len(loaded.about.waivers)}项" if loaded.about.waivers else ""
    return (
        f"本期共收录各部门现行报送{strip['submissions']}份，其中退回{strip['returned']}份；涉及区划{strip['divisions']}个。"
        f"按财政年度和同类组分别排名，共形成区划评价结果{len(shown)}条，其中排名{ranked}条，"
        f"未排名{len(shown) - ranked}条。发布门禁结论为“{labels.zh('gate_decision', loaded.about.gate_decision)}”，"
        f"校验{strip['checks']}项，拦截{strip['held']}项，提醒{strip['noticed']}项{waived}。现将结果通报如下。"
    )


def _section(book: Book, found: Row, style: Style, at: int) -> Section:
    subject = Subject(book, found, style)
    parts = [make(subject) for make in PARTS]
    mark = book.edition.about.final_mark(found["fiscal_year"]).replace(" ", "")
    return Section(
        heading=f"{numeral(at)}、{found['province']}{found['fiscal_year']}年度{f'（{mark}）' if mark else ''}",
        parts=tuple(
            Part(f"（{numeral(place)}）{part.heading}", part.paragraphs, part.tables, part.lines)
            for place, part in enumerate(parts)
        ),
    )


def _notes(loaded: Edition, style: Style) -> tuple[str, ...]:
    return (
        f"本通报采用排名方法 {loaded.method_id or format.null('missing')}。得分只依据能够核实的事实，不采用自评得分。",
        "名次按未舍入的得分排定，显示时四舍五入至两位小数；得分完全相同的为并列。",
        "90%区间表示权重和目标口径变动，未核实和不能评价的部分、缺报和退回的报告取不同得分时，名次可能的范围；没有显著差别的区划不宜解读为有先后。",
        "名次只在同一省、同一财政年度、同一同类组内比较；区域内的名次不分同类组。进步排名只看得分比上年度的增减，与得分高低分开排。",
        "未提供：报告没有写。不适用：没有意义或不可评。未知：没有应报名册。三者都不是0。",
        *(
            (
                f"本通报只列出每个同类组的{style.in_words()}，与末位得分相同的一并列出；"
                "名单以外区划的得分和名次不在本通报中公布。",
            )
            if style.is_subset
            else ()
        ),
        *(
            f"{year}年度已于{final['frozen_on']}定稿（{final['edition_id']}期）"
            + (f"，本期为定稿后的第{final['revision']}次修订。" if final["revision"] else "，本期与定稿一致。")
            for year, final in sorted(loaded.about.finals.items())
        ),
        "各项数字的出处（报告原文句子、来源文件及其校验值）见本期网页。",
    )
