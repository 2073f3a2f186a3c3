"""报送情况: whose reports are overdue, and whose were returned and have not come again, by division."""

from __future__ import annotations

from publish import format
from publish.bulletin.overall import filing_counts
from publish.bulletin.subject import Part, Subject, Table, some
from publish.data import Row

COLUMNS = ("区划", "逾期未报", "退回未重报", "涉及部门")
WIDTHS = (290, 180, 220, 870)
HEADING = "报送情况"
# So many departments of a division are named for each; all of them stand in the workbook.
MOST_DEPARTMENTS = 3


def filings(subject: Subject) -> Part:
    """One row for each division that somebody is awaited in."""
    waited = [row for row in _of_year(subject) if row["state"] in ("overdue", "returned")]
    if not waited:
        return Part(HEADING, ("没有逾期未报和退回后尚未重报的部门。" if _of_year(subject) else "没有报送情况的资料。",))
    by_division: dict[str, list[Row]] = {}
    for row in waited:
        by_division.setdefault(row["division_key"], []).append(row)
    counts = filing_counts(subject)
    share = counts["on_time_share"]
    text = f"有逾期未报或退回后尚未重报部门的区划{len(by_division)}个，名单如下，全部部门见工作簿“报送情况”。"
    if share is not None:
        text = f"按期率{format.percent(share)}。{text}"

    def _by_code(found: tuple[str, list[Row]]) -> tuple[str, str]:
        """In the order of the codes that people know divisions by; those without one last."""
        return (subject.edition.divisions.get(found[0]) or {}).get("gb_code") or "~", found[0]

    rows = tuple(_line(subject, key, found) for key, found in sorted(by_division.items(), key=_by_code))
    return Part(HEADING, (text,), (Table("逾期和退回", COLUMNS, WIDTHS, (0, 3), rows),))


def _of_year(subject: Subject) -> list[Row]:
    wanted = (subject.year, subject.province_key)
    return [row for row in subject.edition.filings if (row["fiscal_year"], row["province_key"]) == wanted]


def _line(subject: Subject, division_key: str, found: list[Row]) -> tuple[str, ...]:
    overdue = sorted((row for row in found if row["state"] == "overdue"), key=_longest)
    returned = sorted((row for row in found if row["state"] == "returned"), key=_mended_last)
    told = []
    if overdue:
        told.append("逾期：" + some([_late(subject, row) for row in overdue], MOST_DEPARTMENTS))
    if returned:
        told.append("退回：" + some([_mending(subject, row) for row in returned], MOST_DEPARTMENTS))
    return subject.name(division_key), str(len(overdue)), str(len(returned)), "；".join(told)


def _longest(row: Row) -> tuple[int, str]:
    return -(row["days_late"] or 0), row["department_key"]


def _mended_last(row: Row) -> tuple[int, str]:
    return -(row["mend_days_late"] or 0), row["department_key"]


def _late(subject: Subject, row: Row) -> str:
    return f"{subject.edition.department_name(row['department_key'])}（{row['days_late']}天）"


def _mending(subject: Subject, row: Row) -> str:
    name = subject.edition.department_name(row["department_key"])
    if row["mend_days_late"]:
        return f"{name}（超过重报期限{row['mend_days_late']}天）"
    return f"{name}（{format.day(row['mend_by'])}前重报）" if row["mend_by"] else name
