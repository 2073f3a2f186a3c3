"""The bulletin's words, built from the data once; the PDF and the Word file print the same text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from publish import data, format, labels
from publish.data import Edition, Row
from publish.site import filing, views

COLUMNS = ("名次", "90%区间", "区划", "得分", "应报", "已报", "可评", "核实率", "较上期")

# More units than this at the first rank are counted, not all named.
MOST_NAMED = 5


@dataclass(frozen=True)
class Table:
    """A heading and rows of text under COLUMNS."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One province and fiscal year: its opening paragraph, a table per league, and who is unranked and why."""

    heading: str
    paragraph: str
    tables: tuple[Table, ...]
    unranked: tuple[str, ...]


@dataclass(frozen=True)
class Bulletin:
    """The whole text, in reading order."""

    title: str
    data_time: str
    as_of: str | None
    override: str
    opening: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """The text as nested dictionaries and lists."""
        return asdict(self)


def compose(edition: Path) -> Bulletin:
    """The bulletin of an edition."""
    loaded = data.load(edition)
    about = loaded.about
    return Bulletin(
        title="部门整体支出绩效排名通报",
        data_time=f"数据时间：{format.moment(about.as_of)}　期号：{about.edition_id}",
        as_of=about.as_of,
        override=_override(loaded.about),
        opening=_opening(loaded),
        sections=tuple(_section(loaded, part) for part in views.sections(loaded)),
        notes=_notes(loaded),
    )


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
    ranked = sum(bool(row["is_ranked"]) for row in views.shown_ranks(loaded))
    listed = len(views.shown_ranks(loaded))
    waived = f"，豁免{len(loaded.about.waivers)}项" if loaded.about.waivers else ""
    return (
        f"本期共收录各部门现行报送{strip['submissions']}份，其中退回{strip['returned']}份；涉及区划{strip['divisions']}个。"
        f"按财政年度和同类组分别排名，共形成区划评价结果{listed}条，其中排名{ranked}条，"
        f"未排名{listed - ranked}条。发布门禁结论为“{labels.zh('gate_decision', loaded.about.gate_decision)}”，"
        f"校验{strip['checks']}项，拦截{strip['held']}项，提醒{strip['noticed']}项{waived}。现将结果通报如下。"
    )


def _section(loaded: Edition, part: Row) -> Section:
    return Section(
        heading=f"{part['province']}{part['fiscal_year']}年度{_final(loaded.about, part['fiscal_year'])}",
        paragraph=_paragraph(loaded, part),
        tables=tuple(
            Table(
                heading=f"{labels.zh('league', league['code'] or 'none')}（{len(league['rows'])}个）",
                columns=COLUMNS,
                rows=tuple(_line(loaded, row) for row in league["rows"]),
            )
            for league in part["leagues"]
        ),
        unranked=tuple(
            f"{loaded.division_name(row['division_key'])}："
            f"{labels.zh('unranked_reason', row['unranked_reason'] or 'none')}。"
            for row in part["unranked"]
        ),
    )


def _final(about: data.About, year: int) -> str:
    """（定稿） or （修订1） behind a year that was declared final; nothing for one that is open."""
    mark = about.final_mark(year).replace(" ", "")
    return f"（{mark}）" if mark else ""


def _paragraph(loaded: Edition, part: Row) -> str:
    coverage = part["coverage"]
    text = (
        f"应报部门{'数未知' if coverage['due'] is None else format.count(coverage['due']) + '个'}，"
        f"已报{format.count(coverage['received'])}个，"
        f"受理{format.count(coverage['accepted'])}个，可评{format.count(coverage['assessable'])}个。"
    )
    text += _awaited(loaded, part)
    text += "".join(_leaders(loaded, league) for league in part["leagues"])
    if part["provisional"]:
        unknown = "应报名册不全，覆盖率未知，" if coverage["due"] is None else ""
        text += f"{unknown}相应名次为暂定。"
    return text


def _awaited(loaded: Edition, part: Row) -> str:
    """How many reports are overdue, or returned and not handed in again; nothing where none is."""
    year = (part["fiscal_year"], part["province_key"])
    counts = filing.totals(row for row in loaded.filing_divisions if (row["fiscal_year"], row["province_key"]) == year)
    told = []
    if counts["overdue"]:
        told.append(f"逾期未报{format.count(counts['overdue'])}个")
    if counts["returned"]:
        late = f"（其中{format.count(counts['mending_late'])}个已过重报期限）" if counts["mending_late"] else ""
        told.append(f"退回后尚未重报{format.count(counts['returned'])}个{late}")
    return "截至数据时间，" + "，".join(told) + "。" if told else ""


def _leaders(loaded: Edition, league: Row) -> str:
    """Who holds the first rank of a league; all of them when they tie, and no one called first alone among equals."""
    if len(league["rows"]) < 2:
        return ""
    first = [row for row in league["rows"] if row["rank"] == 1]
    names = "、".join(loaded.division_name(row["division_key"]) for row in first[:MOST_NAMED])
    if len(first) > MOST_NAMED:
        names += f"等{len(first)}个"
    place = format.rank(1, len(first) > 1)
    return (
        f"{labels.zh('league', league['code'] or 'none')}组中，{names}{place}，得分{format.score(first[0]['score'])}"
        f"{_not_distinct(loaded, league, first)}。"
    )


def _not_distinct(loaded: Edition, league: Row, first: list[Row]) -> str:
    """Those who come after the first but do not differ from it significantly, in their order; nothing without any."""
    alike = {key for row in first for key in row["indistinct_from"] or ()}
    others = [row["division_key"] for row in league["rows"] if row["rank"] > 1 and row["division_key"] in alike]
    if not others:
        return ""
    named = "、".join(loaded.division_name(key) for key in others[:MOST_NAMED])
    return f"，与{named}{f'等{len(others)}个' if len(others) > MOST_NAMED else ''}没有显著差别"


def _line(loaded: Edition, row: Row) -> tuple[str, ...]:
    return (
        f"{'并列' if row['is_tied'] else ''}{row['rank']}",
        format.interval(row["rank_low"], row["rank_high"]),
        loaded.division_name(row["division_key"]) + ("（暂定）" if row["is_provisional"] else ""),
        format.score(row["score"]),
        format.count(row["due"], "unknown_due"),
        format.count(row["received"]),
        format.count(row["assessable"]),
        format.percent(row["verified_share"], "not_applicable"),
        format.movement(row["rank"], row["previous_rank"])[1],
    )


def _notes(loaded: Edition) -> tuple[str, ...]:
    return (
        f"本通报采用排名方法 {loaded.method_id or format.null('missing')}。得分只依据能够核实的事实，不采用自评得分。",
        "名次按未舍入的得分排定，显示时四舍五入至两位小数；得分完全相同的为并列。",
        "90%区间表示权重和目标口径变动，未核实和不能评价的部分、缺报和退回的报告取不同得分时，名次可能的范围；没有显著差别的区划不宜解读为有先后。",
        "名次只在同一省、同一财政年度、同一同类组内比较。",
        *(
            f"{year}年度已于{final['frozen_on']}定稿（{final['edition_id']}期）"
            + (f"，本期为定稿后的第{final['revision']}次修订。" if final["revision"] else "，本期与定稿一致。")
            for year, final in sorted(loaded.about.finals.items())
        ),
        "各项数字的出处（报告原文句子、来源文件及其校验值）见本期网页。",
    )
