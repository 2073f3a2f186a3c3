"""分组排名: the ranking of each league, and who stands first without being called first alone among equals."""

from __future__ import annotations

from publish import format
from publish.bulletin.chart import charts
from publish.bulletin.subject import Part, Subject, Table, league_name, median, place, some
from publish.data import Row

COLUMNS = ("名次", "90%区间", "区划", "得分", "应报", "已报", "可评", "核实率", "较上期")
WIDTHS = (190, 205, 360, 140, 105, 105, 105, 185, 165)


def leagues(subject: Subject) -> Part:
    """A paragraph and a table for each league that has anyone ranked."""
    return Part(
        "同类组排名",
        tuple(_paragraph(subject, league) for league in subject.leagues) or ("没有可以列出的名次。",),
        tuple(_table(subject, league) for league in subject.leagues if _shown(subject, league)),
    )


def _shown(subject: Subject, league: Row) -> list[Row]:
    return [row for row in league["rows"] if row["division_key"] in subject.told]


def _paragraph(subject: Subject, league: Row) -> str:
    rows, name = league["rows"], league_name(league["code"])
    if len(rows) == 1:
        return f"{name}组仅1个区划参加排名，不作先后比较。"
    text = f"{name}组{len(rows)}个区划参加排名。"
    if middle := median(subject, rows):
        text += f"得分中位数{middle}。"
    text += _leaders(subject, rows)
    hidden = len(rows) - len(_shown(subject, league))
    if hidden:
        text += f"本通报列出{subject.style.in_words()}（含并列），其余{hidden}个区划的名次和得分不在此列出。"
    return text


def _leaders(subject: Subject, rows: list[Row]) -> str:
    """Who holds the first rank; all of them when they tie, with those who do not differ from them significantly."""
    first = [row for row in rows if row["rank"] == 1 and row["division_key"] in subject.told]
    if not first:
        return ""
    names = some([subject.name(row["division_key"]) for row in first])
    provisional = "（暂定）" if any(row["is_provisional"] for row in first) else ""
    return (
        f"{names}{format.rank(1, len(first) > 1)}{provisional}，得分{format.score(first[0]['score'])}"
        f"{_not_distinct(subject, rows, first)}。"
    )


def _not_distinct(subject: Subject, rows: list[Row], first: list[Row]) -> str:
    alike = {key for row in first for key in row.get("indistinct_from") or ()}
    others = [row["division_key"] for row in rows if row["rank"] > 1 and row["division_key"] in alike]
    named = [subject.name(key) for key in others if key in subject.told]
    if not others:
        return ""
    if not named:
        return f"，与其后{len(others)}个区划没有显著差别"
    return f"，与{some(named, total=len(others))}没有显著差别"


def _table(subject: Subject, league: Row) -> Table:
    shown = _shown(subject, league)
    count = f"{len(league['rows'])}个"
    if len(shown) < len(league["rows"]):
        count += f"，列出{len(shown)}个"
    return Table(
        heading=f"{league_name(league['code'])}（{count}）",
        columns=COLUMNS,
        widths=WIDTHS,
        left=(2,),
        rows=tuple(_line(subject, row) for row in shown),
        charts=charts(subject, league, shown),
    )


def _line(subject: Subject, row: Row) -> tuple[str, ...]:
    return (
        place(row),
        format.interval(row["rank_low"], row["rank_high"]),
        subject.name(row["division_key"]) + ("（暂定）" if row["is_provisional"] else ""),
        format.score(row["score"]),
        format.count(row["due"], "unknown_due"),
        format.count(row["received"]),
        format.count(row["assessable"]),
        format.percent(row["verified_share"], "not_applicable"),
        format.movement(row["rank"], row["previous_rank"])[1],
    )
