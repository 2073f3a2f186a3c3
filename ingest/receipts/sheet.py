"""A receipt as a workbook: one row a finding, for people who tick off a list."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ingest.receipts.page import SEVERITY_WORDS
from ingest.receipts.receipt import Receipt

# No cell may become a formula, a link or a number by the look of its text.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEAD = {"bold": True, "bg_color": "#E3E9F0", "border": 1, "valign": "vcenter"}
COLUMNS = (
    ("序号", 6),
    ("等级", 12),
    ("规则", 8),
    ("问题", 20),
    ("说明", 48),
    ("报告写的", 18),
    ("应为", 18),
    ("位置", 26),
    ("原文", 40),
    ("怎样改", 40),
    ("对名次的影响", 36),
    ("已改正（自查）", 14),
)


def workbook_of(receipt: Receipt) -> bytes:
    """The workbook's bytes; the same receipt gives the same bytes."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    book.set_properties({"created": datetime.fromisoformat(receipt["received_at"])})
    wrapped, head, bold = (
        book.add_format(look) for look in ({"text_wrap": True, "valign": "top"}, HEAD, {"bold": True})
    )
    sheet = book.add_worksheet("回执")
    facts = list(_facts(receipt))
    for number, (name, value) in enumerate(facts):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 3, value)
    top = len(facts) + 1
    for column, (title, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, title, head)
    for number, row in enumerate(_rows(receipt), start=1):
        for column, value in enumerate((str(number), *row)):
            sheet.write_string(top + number, column, value, wrapped)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    book.close()
    return target.getvalue()


def _facts(receipt: Receipt) -> Iterator[tuple[str, str]]:
    yield "结论", receipt["verdict_zh"]
    if receipt["department"]:
        yield "报送单位", f"{receipt['department']}（{receipt['fiscal_year']}年度，第{receipt['version']}次报送）"
    yield "文件", receipt["source_name"]
    yield "收到时间", receipt["received_at"]
    yield "回执编号", receipt["arrival_id"]
    if receipt["read_again"]:
        again = receipt["read_again"]
        yield "重新读取", f"{again['at']}（原回执的结论：{again['before_zh']}；以本回执为准）"
    if receipt["reason"]:
        yield "原因", receipt["reason"]
    if receipt["mend_by"]:
        yield "请于此日前重报", receipt["mend_by"]
    for one in receipt["members"]:
        yield "包内文件", f"{one['source_name'].removeprefix(receipt['source_name'] + '/')}：{one['verdict_zh']}"


def _rows(receipt: Receipt) -> Iterator[tuple[str, ...]]:
    for problem in receipt["problems"]:
        for one in problem["found"]:
            yield _row(problem, one, problem["remedy"], problem["effect"])
        for one in problem["leads_to"]:
            yield _row(problem, one, f"改正规则 {problem['rule_id']} 的问题后会一并消除", "")


def _row(problem: dict[str, Any], one: dict[str, Any], remedy: str, effect: str) -> tuple[str, ...]:
    level = f"{problem['severity']} {SEVERITY_WORDS[problem['severity']]}"
    places = "\n".join("，".join(filter(None, (where["place"], where["section"]))) for where in one["where"])
    quotes = "\n".join(where["quote"] for where in one["where"])
    waived = "（已豁免）" if problem["waiver_id"] else ""
    return (
        *(level + waived, one["rule_id"], problem["title"], one["message"]),
        *(one["found"] or "", one["expected"] or "", places, quotes, remedy, effect, ""),
    )
