"""The receipt as a clerk reads it: what became of the report, what to do, and by which number to answer."""

from __future__ import annotations

import re
from typing import Any

from ingest.receipts.page import page_of

HEAD: dict[str, Any] = {
    "arrival_id": "a1", "source_name": "自评.docx", "sha256": "0", "received_at": "2025-03-30 09:00",
    "department": "甲县商务局", "submission_id": "s1", "submission_version_id": "v1", "fiscal_year": 2024, "version": 1,
    "reason": None, "detail": None, "mend_by": None, "account": None, "notes": [],
    "members": [], "read_again": None,
}  # fmt: skip


def problem(rule: str, severity: str, waiver: str | None = None) -> dict[str, Any]:
    told = {"finding_id": f"v1-{rule}", "rule_id": rule, "message": f"{rule}不符", "expected": None, "found": None}
    place = {"place": "第12行", "section": "二、预算", "quote": "支出82万元"}
    return {
        "rule_id": rule, "title": f"检查{rule}", "severity": severity, "usual_severity": severity,
        "remedy": "请核对", "effect": "无",
        "waiver_id": waiver, "found": [told | {"where": [place], "more_places": 0}], "leads_to": [],
    }  # fmt: skip


def shown(verdict: str, words: str, problems: list[dict[str, Any]], **more: Any) -> str:
    counts = {
        level: sum(one["severity"] == level and not one["waiver_id"] for one in problems)
        for level in ("P0", "P1", "P2")
    }
    html = page_of(HEAD | {"verdict": verdict, "verdict_zh": words, "problems": problems, "counts": counts, **more})
    return html.split("<main>")[1]


def test_a_returned_report_is_told_what_to_do_by_when() -> None:
    html = shown("returned", "退回修改", [problem("A01", "P0"), problem("B06", "P1")], mend_by="2025-04-09")
    assert "退回修改：必须改正 1 处，需要说明 1 处<" in html, "what there is none of is not told"
    assert "于 <b>2025-04-09</b> 前重新报送整份报告" in html and "请在重报时一并改正" in html


def test_an_accepted_report_need_not_come_again() -> None:
    html = shown("accepted_with_findings", "已受理，有问题", [problem("B03", "P2")])
    assert "不要求重新报送" in html and "“提示”的 1 处供改进参考" in html
    assert "必须改正" not in html and "需要说明”的" not in html
    assert "请您做什么" not in shown("accepted", "已受理，未发现问题", [])


def test_each_finding_bears_the_number_by_which_to_answer() -> None:
    html = shown("accepted_with_findings", "已受理", [problem("B06", "P1")])
    assert "问题编号 v1-B06" in html and "写明回执编号和问题编号" in html


def test_many_problems_have_a_list_whose_links_lead_to_them() -> None:
    problems = [problem("A01", "P0"), problem("A01", "P0", "w1"), problem("B06", "P1"), problem("B03", "P2")]
    html = shown("returned", "退回修改", problems, mend_by="2025-04-09")
    links = re.findall(r'href="#([^"]+)"', html)
    assert links == ["A01", "A01-w1", "B06", "B03"]
    assert sorted(re.findall(r'<section [^>]*id="([^"]+)"', html)) == sorted(links)
    assert "问题一览" not in shown("returned", "退回修改", problems[:2], mend_by="2025-04-09")
