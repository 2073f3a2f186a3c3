"""Receipts (回执): what a department gets back for each version, as JSON and as a page to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from jiheng.files import write_json, write_text

VERDICTS = {
    "accepted": "已受理，未发现问题。",
    "accepted_with_findings": "已受理，但有下列问题需要说明或改正。",
    "returned": "退回修改。请改正下列“P0”问题后重新报送。",
}
SEVERITIES = {"P0": "必须改正", "P1": "需要说明", "P2": "提示"}
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>回执 {department} {year}年度</title>
<style>body{{font:16px/1.7 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:50em;
margin:2em auto;padding:0 1em}}
li{{margin-bottom:1.2em}}blockquote{{margin:.3em 0;padding-left:1em;border-left:3px solid #bbb}}</style>
<h1>回执：{department} {year}年度</h1><p><strong>{verdict}</strong></p>
<p>收到时间：{received}；第 {version} 次报送；文件：{source}</p><ol>{findings}</ol></html>
"""


def write_receipt(
    target: Path, version: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], claims: Sequence[Mapping[str, Any]]
) -> None:
    """Write `<version>.json` and `<version>.html`: the verdict and each problem, most important first."""
    failed = sorted((f for f in findings if f["outcome"] == "fail"), key=lambda f: (f["severity"], f["finding_id"]))
    quotes = {claim["claim_id"]: claim["quote"] for claim in claims}
    problems = [
        {
            "rule_id": finding["rule_id"],
            "severity": finding["severity"],
            "message": finding["message_zh"],
            "remedy": finding["remedy_zh"],
            "expected": finding["expected"],
            "found": finding["found"],
            "quotes": [quotes[claim_id] for claim_id in finding["claim_ids"]],
        }
        for finding in failed
    ]
    name = version["submission_version_id"]
    receipt = {"verdict": version["verdict"], "problems": problems, "submission_version_id": name}
    write_json(target / f"{name}.json", receipt | {"source_name": version["source_name"]})
    write_text(target / f"{name}.html", _page(version, problems))


def _page(version: Mapping[str, Any], problems: Sequence[Mapping[str, Any]]) -> str:
    return PAGE.format(
        department=escape(version["department_name"]),
        year=version["fiscal_year"],
        verdict=VERDICTS[version["verdict"]],
        received=escape(str(version["received_at"])[:16]),
        version=version["version_number"],
        source=escape(version["source_name"]),
        findings="".join(map(_problem, problems)),
    )


def _problem(problem: Mapping[str, Any]) -> str:
    quotes = "".join(f"<blockquote>{escape(' '.join(quote.split()))}</blockquote>" for quote in problem["quotes"])
    return (
        f"<li><b>{SEVERITIES[problem['severity']]}（{problem['severity']}，规则 {problem['rule_id']}）</b>："
        f"{escape(problem['message'])}{quotes}怎样改：{escape(problem['remedy'])}</li>"
    )
