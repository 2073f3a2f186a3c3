"""Receipts (回执): what a department gets back for each version, as JSON and as a page to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from ingest.reasons import notes
from jiheng.files import write_json, write_text
from jiheng.settings import LOCAL_TIME

VERDICTS = {
    "accepted": "已受理，未发现问题。",
    "accepted_with_findings": "已受理，但有下列问题需要说明或改正。",
    "returned": "退回修改。请改正下列“P0”问题后重新报送。",
}
SEVERITIES = {"P0": "必须改正", "P1": "需要说明", "P2": "提示"}
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>回执 {department} {year}年度</title>
<style>body{{font:16px/1.7 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:50em;
margin:2em auto;padding:0 1em}}
li{{margin-bottom:1.2em}}blockquote{{margin:.3em 0;padding-left:1em;border-left:3px solid #bbb}}
small{{color:#666}}</style>
<h1>回执：{department} {year}年度</h1><p><strong>{verdict}</strong></p>
<p>收到时间：{received}；第 {version} 次报送；文件：{source}</p>
<p><small>{account}</small></p>
{notes}<ol>{findings}</ol></html>
"""
ACCOUNT = (
    "全文 {digit_count} 个数字（按位计）：读作金额、指标等数据 {claimed_digit_count}，"
    "文号、日期、序号等不作数据 {noise_digit_count}，未能辨认 {unclaimed_digit_count}。"
)


def write_receipt(
    target: Path, version: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], claims: Sequence[Mapping[str, Any]]
) -> None:
    """Write `<version>.json` and `<version>.html`: the verdict and each problem, most important first."""
    failed = sorted((f for f in findings if f["outcome"] == "fail"), key=lambda f: (f["severity"], f["finding_id"]))
    evidence = {claim["claim_id"]: _evidence(claim) for claim in claims}
    problems = [
        {
            "rule_id": finding["rule_id"],
            "severity": finding["severity"],
            "message": finding["message_zh"],
            "remedy": finding["remedy_zh"],
            "expected": finding["expected"],
            "found": finding["found"],
            "evidence": _each_once(evidence[claim_id] for claim_id in finding["claim_ids"]),
        }
        for finding in failed
    ]
    name = version["submission_version_id"]
    receipt = {
        "verdict": version["verdict"],
        "notes": notes_of(version),
        "problems": problems,
        "submission_version_id": name,
    }
    write_json(target / f"{name}.json", receipt | {"source_name": version["source_name"]})
    write_text(target / f"{name}.html", _page(version, problems))


def notes_of(version: Mapping[str, Any]) -> list[str]:
    """What a person should know of the file, in Chinese: a code's sentence and what it is about."""
    known = notes()
    told = [one.partition(" ") for one in version.get("notes") or ()]
    return [known[code]["note_zh"] + (f"（{detail}）" if detail else "") for code, _, detail in told]


def _evidence(claim: Mapping[str, Any]) -> dict[str, str]:
    """The words and where they stand: a sentence's quotation with its section, or a form's row with its cell."""
    words = claim["quote"] if claim["origin"] == "narrative" else claim["sentence"]
    return {"quote": " ".join(words.split()), "where": claim["section_path"]}


def _each_once(evidence: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Two figures of one row of a form are one place to look at."""
    return [dict(one) for one in dict.fromkeys(tuple(sorted(found.items())) for found in evidence)]


def _page(version: Mapping[str, Any], problems: Sequence[Mapping[str, Any]]) -> str:
    return PAGE.format(
        department=escape(version["department_name"]),
        year=version["fiscal_year"],
        verdict=VERDICTS[version["verdict"]],
        received=f"{datetime.fromisoformat(str(version['received_at'])).astimezone(LOCAL_TIME):%Y-%m-%d %H:%M}",
        version=version["version_number"],
        source=escape(version["source_name"]),
        account=ACCOUNT.format_map(version),
        notes="".join(f"<p>附注：{escape(words)}</p>" for words in notes_of(version)),
        findings="".join(map(_problem, problems)),
    )


def _problem(problem: Mapping[str, Any]) -> str:
    quotes = "".join(
        f"<blockquote>{escape(one['quote'])}<br><small>{escape(one['where'])}</small></blockquote>"
        for one in problem["evidence"]
    )
    return (
        f"<li><b>{SEVERITIES[problem['severity']]}（{problem['severity']}，规则 {problem['rule_id']}）</b>："
        f"{escape(problem['message'])}{quotes}怎样改：{escape(problem['remedy'])}</li>"
    )
