"""总体情况: how many reports are there, how many divisions are ranked, and where the middle of the scores lies."""

from __future__ import annotations

from publish import format, labels
from publish.bulletin.subject import Part, Subject, median
from publish.data import Row
from publish.site import filing


def overall(subject: Subject) -> Part:
    """Coverage, what is awaited, how many are ranked, and who is not and why."""
    return Part(
        "总体情况",
        (_coverage(subject) + _awaited(subject), _ranked(subject)),
        lines=_unranked(subject),
    )


def _unranked(subject: Subject) -> tuple[str, ...]:
    """Who is not ranked, one line a reason."""
    by_reason: dict[str, list[str]] = {}
    for row in subject.section["unranked"]:
        by_reason.setdefault(row["unranked_reason"] or "none", []).append(subject.name(row["division_key"]))
    return tuple(
        f"未排名，{labels.zh('unranked_reason', reason)}：{'、'.join(found)}。"
        for reason, found in sorted(by_reason.items())
    )


def _coverage(subject: Subject) -> str:
    counts = subject.section["coverage"]
    due = "应报部门数未知" if counts["due"] is None else f"应报部门{format.count(counts['due'])}个"
    return (
        f"{due}，已报{format.count(counts['received'])}个，"
        f"受理{format.count(counts['accepted'])}个，可评{format.count(counts['assessable'])}个。"
    )


def _awaited(subject: Subject) -> str:
    counts = filing_counts(subject)
    told = []
    if counts["overdue"]:
        told.append(f"逾期未报{format.count(counts['overdue'])}个")
    if counts["returned"]:
        late = f"（其中{format.count(counts['mending_late'])}个已过重报期限）" if counts["mending_late"] else ""
        told.append(f"退回后尚未重报{format.count(counts['returned'])}个{late}")
    return "截至数据时间，" + "，".join(told) + "。" if told else ""


def filing_counts(subject: Subject) -> Row:
    """Sums over the filings of the province's divisions in this year."""
    return filing.totals(
        row
        for row in subject.edition.filing_divisions
        if (row["fiscal_year"], row["province_key"]) == (subject.year, subject.province_key)
    )


def _ranked(subject: Subject) -> str:
    ranked, unranked = len(subject.ranks), len(subject.section["unranked"])
    if not ranked:
        return f"{unranked}个区划均未达到排名条件，不作排名。"
    text = f"参加排名的区划{ranked}个，未排名{unranked}个。"
    if middle := median(subject, subject.ranks.values()):
        text += f"得分中位数{middle}。" if ranked > 1 else ""
    return text + _provisional(subject)


def _provisional(subject: Subject) -> str:
    provisional = sum(bool(row["is_provisional"]) for row in subject.ranks.values())
    if not provisional:
        return ""
    which = "各区划" if provisional == len(subject.ranks) else f"其中{provisional}个区划"
    return f"{which}没有应报名册，覆盖率未知，其名次为暂定。"
