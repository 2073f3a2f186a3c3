"""名次变动: who moved since the last edition and why, the longest ways first, chance called chance."""

from __future__ import annotations

from typing import Any

from publish import format, labels
from publish.bulletin.subject import Part, Subject, league_name
from publish.data import Row
from publish.site.changes import divisions_moved

# So many are told; the workbook and the page have them all.
MOST_MOVES = 10
HEADING = "与上期相比"


def movements(subject: Subject) -> Part:
    """Ranks that differ from the last edition's, with the causes that the warehouse found."""
    told = subject.edition.difference
    if told.get("first"):
        return Part(HEADING, ("本期为首期，没有上期可比。",))
    if told.get("unchanged", not told):
        return Part(HEADING, ("与上期相比，报送、结论、得分和名次均无变化。",))
    moved = [
        row
        for row in divisions_moved(subject.book)
        if row["fiscal_year"] == subject.year
        and row["key"] in subject.divisions
        and row["rank_before"] != row["rank_now"]
    ]
    if not moved:
        return Part(HEADING, ("与上期相比，各区划的名次没有变化。",))
    shown = sorted((row for row in moved if subject.may_tell(row["key"])), key=_longest)[:MOST_MOVES]
    return Part(HEADING, (_summary(moved, len(shown)),), lines=tuple(_line(row) for row in shown))


def _longest(row: Row) -> tuple[Any, ...]:
    """Movements beyond the interval before those that may be chance, the longest first."""
    return row["within"], row["places"] is None, -abs(row["places"] or 0), row["key"]


def _summary(moved: list[Row], shown: int) -> str:
    up = sum((row["places"] or 0) > 0 for row in moved)
    down = sum((row["places"] or 0) < 0 for row in moved)
    come = sum(row["rank_before"] is None for row in moved)
    gone = sum(row["rank_now"] is None for row in moved)
    chance = sum(bool(row["within"]) for row in moved)
    counts = ((up, "上升"), (down, "下降"), (come, "本期开始排名"), (gone, "本期不再排名"))
    text = f"与上期相比，名次变动的区划{len(moved)}个：" + "，".join(f"{word}{n}个" for n, word in counts if n) + "。"
    if chance:
        text += f"其中{chance}个的上期名次仍在本期90%区间之内，不宜视为进退。"
    if shown:
        text += "主要变动及原因如下。" if shown < len(moved) else "变动及原因如下。"
    return text


def _line(row: Row) -> str:
    group = league_name(row["league"]) + ("，暂定" if row["is_provisional"] else "")
    before = format.rank(row["rank_before"], False)
    now = format.rank(row["rank_now"], row["is_tied"])
    chance = "上期名次仍在本期90%区间之内。" if row["within"] else ""
    return f"{row['name']}（{group}）：上期{before}，本期{now}。原因：{causes(row)}。{chance}"


def causes(row: Row) -> str:
    """The causes of a movement in words, each with its points and places."""
    if row["only_others"]:
        return "本区划没有变化，只因其他单位变动"
    told = []
    for cause in row["causes"]:
        points = f"{format.points_moved(cause['points'])}分" if cause["points"] is not None else ""
        places = f"（{_places(cause['places'])}）" if cause["places"] else ""
        told.append(f"{cause['name']}{points}{places}")
    if row["unranked_reason"]:
        told.append(labels.zh("unranked_reason", row["unranked_reason"]))
    return "，".join(told) or "上期由旧版程序生成，未分解"


def _places(value: int) -> str:
    return f"升{value}名" if value > 0 else f"降{-value}名"
