"""How far filing has come: coverage by division, and where each department's report stands."""

from __future__ import annotations

from typing import Any

from publish.workbook.sheet import Column, Context, Sheet, label, year_columns

COUNTS = (
    ("应报", "Due", "due"),
    ("已报", "Received", "received"),
    ("受理", "Accepted", "accepted"),
    ("退回未重报", "Returned", "returned"),
    ("其中已过重报期限", "Past mending day", "mending_late"),
    ("逾期未报", "Overdue", "overdue"),
    ("未到期", "Not due yet", "expected"),
    ("撤回", "Withdrawn", "withdrawn"),
    ("名册以外", "Beyond register", "beyond_register"),
    ("按期报送", "On time", "on_time"),
    ("按期率的分母", "Of", "on_time_of"),
)
UNKNOWN_WITHOUT_REGISTER = frozenset({"due", "on_time", "on_time_of"})


def coverage(context: Context) -> Sheet:
    """覆盖: how many reports are due, came, and are awaited, by division."""
    table = "filing_division"
    columns = (
        *year_columns(context, table),
        Column("区划", "Division", "text", 20, "division_key", f"{table}.division_key", words=context.division),
        *(
            Column(
                *(head, english, "whole", 10, name, f"{table}.{name}"),
                missing="unknown_due" if name in UNKNOWN_WITHOUT_REGISTER else "missing",
                summed=True,
            )
            for head, english, name in COUNTS
        ),
        Column(
            *("按期率", "On-time share", "rate", 10, "on_time_share"),
            means=(
                "按期首次报送的部门÷已报和逾期的应报部门",
                "Due departments whose report first came by its day, of those that filed or are overdue",
            ),
            missing="unknown_due",
        ),
    )
    query = """
        SELECT *, CASE WHEN on_time_of > 0 THEN on_time / on_time_of END AS on_time_share
        FROM main.filing_division ORDER BY fiscal_year DESC, province_key, division_key
    """
    one_row = ("一行是一个区划一个财政年度", "One row is a division and fiscal year")
    return Sheet("覆盖", one_row, columns, 3, query, table)


def filings(context: Context) -> Sheet:
    """报送情况: where the report of each department's year stands."""
    table = "filing_overview"
    columns = (
        *year_columns(context, table),
        Column("区划", "Division", "text", 20, "division_key", f"{table}.division_key", words=context.division),
        Column(
            *("部门", "Department", "text", 28, "department_key", f"{table}.department_key"), words=context.department
        ),
        Column("应报", "Due", "mark", 8, "owes", f"{table}.is_due", words=_due, missing="unknown_due"),
        Column("状态", "State", "text", 16, "state", f"{table}.state", words=label("status")),
        Column("应报日期", "Due on", "text", 12, "due_on", f"{table}.due_on", missing="unknown_due"),
        Column(
            *("首次收到", "First received", "text", 12, "first_received_on", f"{table}.first_received_on"),
            missing="not_submitted",
        ),
        Column("报送次数", "Versions", "whole", 9, "versions", f"{table}.versions", summed=True),
        Column(
            *("晚报（逾期）天数", "Days late", "whole", 11, "days_late", f"{table}.days_late"), missing="not_applicable"
        ),
        Column("重报期限", "Mend by", "text", 12, "mend_by", f"{table}.mend_by", missing="not_applicable"),
        Column(
            *("超过重报期限天数", "Days past it", "whole", 11, "mend_days_late", f"{table}.mend_days_late"),
            missing="not_applicable",
        ),
        Column("未了结P0", "Open P0", "whole", 9, "p0_open", f"{table}.p0_open", summed=True),
        Column("未了结P1", "Open P1", "whole", 9, "p1_open", f"{table}.p1_open", summed=True),
    )
    query = """
        SELECT *, CASE WHEN has_register THEN is_due END AS owes
        FROM main.filing_overview ORDER BY fiscal_year DESC, division_key, department_key
    """
    one_row = ("一行是一个部门一个财政年度", "One row is a department and fiscal year")
    return Sheet("报送情况", one_row, columns, 4, query, table)


def _due(value: Any) -> str:
    return "是" if value else "否（名册以外）"
