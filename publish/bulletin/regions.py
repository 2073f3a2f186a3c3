"""区域情况: the regions of a province side by side, and who stands first in each."""

from __future__ import annotations

from publish import format
from publish.bulletin.subject import Part, Subject, Table, median, some
from publish.data import Row

COLUMNS = ("区域", "区划", "参加排名", "得分中位数", "区域内第1名")
WIDTHS = (260, 130, 190, 230, 750)
HEADING = "区域情况"


def regions(subject: Subject) -> Part:
    """One row a region. A region is no unit that is ranked: its figures are put beside each other, not in order."""
    rows = [row for row in subject.of_year(subject.edition.division_scopes) if row["scope"] == "region"]
    keys = sorted({row["scope_key"] for row in rows if row["scope_key"]})
    if not keys:
        return Part(HEADING, ("区划名册没有写明所属区域，不作区域比较。",))
    found = [[row for row in rows if row["scope_key"] == key] for key in keys]
    text = f"全省分为{len(keys)}个区域，各区域内不分同类组排名。" if len(keys) > 1 else f"本期只有{keys[0]}有区划可比。"
    return Part(
        HEADING,
        (f"{text}中位数的高低受区域内区划类型的影响，不作为区域的名次。",),
        (Table("各区域", COLUMNS, WIDTHS, (0, 4), tuple(_line(subject, rows) for rows in found)),),
    )


def _line(subject: Subject, rows: list[Row]) -> tuple[str, ...]:
    ranked = [row for row in rows if row["is_ranked"]]
    scores = [subject.ranks[row["division_key"]] for row in ranked if row["division_key"] in subject.ranks]
    hidden = "不列出" if subject.left_out and scores else format.null("not_applicable")
    return (
        str(rows[0]["scope_key"]),
        str(len({row["division_key"] for row in rows})),
        str(len(ranked)),
        median(subject, scores) or hidden,
        _first(subject, ranked),
    )


def _first(subject: Subject, ranked: list[Row]) -> str:
    if not ranked:
        return format.null("not_applicable")
    if len(ranked) == 1:
        return "仅1个，不作比较"
    first = [row for row in ranked if row["rank"] == 1]
    told = [subject.name(row["division_key"]) for row in first if row["division_key"] in subject.told]
    if not told:
        return "不列出"
    tied = f"{len(first)}个并列：" if len(first) > 1 else ""
    provisional = any(subject.ranks.get(row["division_key"], {}).get("is_provisional") for row in first)
    alike = {key for row in first for key in row.get("indistinct_from") or ()} - {row["division_key"] for row in first}
    beside = f"，与{len(alike)}个没有显著差别" if alike else ""
    return f"{tied}{some(told, total=len(first))}{'（暂定）' if provisional else ''}{beside}"
