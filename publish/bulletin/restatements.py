"""数字更正: figures that newer versions of reports state otherwise, and what this system has corrected."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, islice

from publish import figures, labels
from publish.bulletin.subject import Part, Subject, Table
from publish.data import Row, corrections

COLUMNS = ("区划", "部门", "数字", "原报", "现报")
WIDTHS = (220, 340, 400, 300, 300)
HEADING = "数字更正"
# So many figures are told, a few of each report; the log of corrections has them all.
MOST_FIGURES, MOST_OF_A_REPORT = 20, 3


def restatements(subject: Subject) -> Part:
    """Figures that were restated since the last edition, and how many corrections this edition adds."""
    if subject.edition.difference.get("first"):
        return Part(HEADING, ("本期为首期，没有上期可比。",))
    rows = [
        row
        for row in subject.edition.difference.get("restated_figures", ())
        if row["fiscal_year"] == subject.year and row["division_key"] in subject.divisions
    ]
    # A self score is a score too: of a division outside a partial list nothing is told.
    shown = _chosen([row for row in rows if subject.may_tell(row["division_key"])])
    text = _restated(rows) + _own(subject)
    if len(shown) < len(rows):
        text += f"表中每份报告至多列{MOST_OF_A_REPORT}项，全部见“更正记录”。" if shown else "全部见“更正记录”。"
    table = Table("更正的数字", COLUMNS, WIDTHS, (0, 1, 2, 3, 4), tuple(_line(subject, row) for row in shown))
    return Part(HEADING, (text,), (table,) if shown else ())


def _chosen(rows: list[Row]) -> list[Row]:
    """The first few of each report: those that were changed before those that came or went."""
    kinds = labels.codes("restated")
    ordered = sorted(rows, key=lambda row: (row["submission_version_id"], kinds.index(row["change"])))
    reports = groupby(ordered, key=lambda row: row["submission_version_id"])
    return [row for _, found in reports for row in islice(found, MOST_OF_A_REPORT)][:MOST_FIGURES]


def _restated(rows: list[Row]) -> str:
    if not rows:
        return "与上期相比，没有报送单位更正数字。"
    reports = len({row["submission_version_id"] for row in rows})
    counts = Counter(row["change"] for row in rows)
    told = "，".join(
        f"{labels.zh('restated', kind)}{counts[kind]}项" for kind in labels.codes("restated") if counts[kind]
    )
    return f"与上期相比，{reports}份报告重新报送，更正数字{len(rows)}项，其中{told}。"


def _own(subject: Subject) -> str:
    """What this edition itself corrects or revises, counted; the log names each with its cause."""
    found = [
        entry["kind"]
        for entry in corrections(subject.edition.path)
        if entry["edition_id"] == subject.edition.about.edition_id
        and entry["fiscal_year"] == subject.year
        and (entry["division_key"] is None or entry["division_key"] in subject.divisions)
    ]
    corrected, revised = found.count("corrected"), found.count("revised")
    text = f"本系统更正{corrected}项。" if corrected else ""
    return text + (f"定稿之后修订{revised}项。" if revised else "")


def _line(subject: Subject, row: Row) -> tuple[str, ...]:
    return (
        subject.name(row["division_key"]),
        row.get("department_name") or subject.edition.department_name(row["department_key"]),
        *figures.told(subject.edition, row),
    )
