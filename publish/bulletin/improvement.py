"""进步情况: how scores changed since the year before, and whether the change is more than chance."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from publish import format
from publish.bulletin.subject import Part, Subject, Table, league_name, place
from publish.data import Row

COLUMNS = ("名次", "区划", "上年度得分", "本年度得分", "增减（分）", "增减的区间（90%）", "结论")
WIDTHS = (190, 320, 205, 205, 190, 300, 150)
HEADING = "进步情况"


def improvement(subject: Subject) -> Part:
    """The ranking by change of the score, apart from that by its level; changes that may be chance are called so."""
    rows = [row for row in subject.of_year(subject.edition.division_improvements) if row["is_ranked"]]
    if not rows:
        return Part(HEADING, ("没有区划在上年度和本年度都参加排名，不作进步排名。",))
    found = Counter(verdict(row) for row in rows)
    text = (
        f"上年度和本年度都参加排名的区划{len(rows)}个，按得分的增减排名。"
        f"与上年度相比，得分显著上升{found['显著上升']}个，显著下降{found['显著下降']}个，"
        f"其余{found['不显著']}个的增减不显著（90%区间含0），不宜解读为进步或退步。"
    )
    shown = [row for row in rows if row["division_key"] in subject.told]
    if len(shown) < len(rows):
        text += "表中只列出前面名单以内的区划。"
    return Part(HEADING, (text,), _tables(subject, shown))


def verdict(row: Row) -> str:
    """显著上升, 显著下降, or 不显著 where the interval reaches over zero."""
    if row["improvement_low"] is None or row["improvement_high"] is None:
        return "不显著"
    if row["improvement_low"] > 0:
        return "显著上升"
    return "显著下降" if row["improvement_high"] < 0 else "不显著"


def _tables(subject: Subject, shown: list[Row]) -> tuple[Table, ...]:
    """One table a league: the ranking is within it."""
    order = [league["code"] for league in subject.leagues]

    def key(row: Row) -> tuple[int, int, str]:
        return order.index(_league(subject, row)), row["rank"], row["division_key"]

    ordered = sorted((row for row in shown if row["division_key"] in subject.ranks), key=key)
    return tuple(
        Table(
            f"{league_name(order[at])}的进步排名",
            COLUMNS,
            WIDTHS,
            (1,),
            tuple(_line(subject, row) for row in rows),
        )
        for at, rows in groupby(ordered, key=lambda row: key(row)[0])
    )


def _league(subject: Subject, row: Row) -> str | None:
    league: str | None = subject.ranks[row["division_key"]]["league"]
    return league


def _line(subject: Subject, row: Row) -> tuple[str, ...]:
    provisional = subject.ranks[row["division_key"]]["is_provisional"]
    low, high = row["improvement_low"], row["improvement_high"]
    return (
        place(row),
        subject.name(row["division_key"]) + ("（暂定）" if provisional else ""),
        format.score(row["score_before"]),
        format.score(row["score"]),
        format.points_moved(row["improvement"]),
        f"{format.points_moved(low)} 至 {format.points_moved(high)}",
        verdict(row),
    )
