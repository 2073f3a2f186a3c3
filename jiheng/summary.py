"""What a night, the gate and the current edition look like in a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jiheng.nightly import NightResult
from jiheng.settings import Settings

GATE_WORDS = {"pass": "通过 pass", "notice": "通过（有提示） pass with notice", "hold": "未通过 held"}


def summary_lines(result: NightResult) -> list[str]:
    """The end of `jiheng nightly`: what came, what became of it, and where to look."""
    facts = result.facts
    if result.outcome == "failed":
        return [
            "",
            f"✗ 这一夜没有完成 · the night failed at {facts.get('step', 'start')}: {facts.get('error', 'see the log')}",
            f"  日志 log: {result.log}",
            "  上一期保持不变，修好后再运行即可 · the last edition stands; mend and run again",
        ]
    lines = [
        "",
        f"收到 received {facts['received']} · 受理 accepted {facts['accepted']} · 退回 returned {facts['returned']}"
        f" · 隔离 quarantined {facts['quarantined']}",
        f"门禁 gate: {GATE_WORDS[facts['gate']]}",
    ]
    if result.outcome == "held":
        lines += [f"  ✋ {reason}" for reason in facts["holding"]]
        standing = facts["standing"] or "（还没有 none yet）"
        details = [f"  详见 details: {facts['held']}/gate.json"] if "held" in facts else []
        return [*lines, f"本期未发布，保留 held; still standing: {standing}", *details]
    word = {
        "published": "已发布 published",
        "unchanged": "与已发布的相同 unchanged",
        "overtaken": "已有更新的一期，无须发布 a newer edition stands, so this one is not needed",
        "withdrawn": "已被撤回，不再自行发布 taken back before, not published again",
    }[result.outcome]
    nothing_new = [] if facts["received"] else ["没有新文件，照常发布 · nothing new came in; published as usual"]
    return [
        *lines,
        *nothing_new,
        f"排名 ranked: {facts['ranked']} 个区划 · divisions",
        f"期号 edition: {facts['edition_id']}（{word}）",
        *([f"对象存储 object store: {facts['sent']}"] if facts.get("sent") else []),
        f"打开 open: file://{facts['site']}",
    ]


def status_facts(settings: Settings) -> dict[str, Any]:
    """Which edition stands, what it covers, and the last act of publication."""
    from publish import editions

    standing = editions.current(settings.editions)
    manifest = json.loads((standing / "manifest.json").read_text(encoding="utf-8")) if standing else {}
    history = editions.history(settings.editions)
    return {
        "home": settings.home,
        "edition": manifest.get("edition_id"),
        "as_of": manifest.get("as_of"),
        "gate": manifest.get("gate_decision"),
        "coverage": manifest.get("coverage"),
        "last_event": history[-1] if history else None,
    }


def gate_lines(settings: Settings) -> list[str]:
    """The newest gate decision: of the held edition when the last night was held, else of the current one."""
    from publish import editions

    history = editions.history(settings.editions)
    if not history:
        return ["还没有运行过 · no night has been run yet"]
    edition_id = history[-1]["edition_id"]
    if edition_id is None:
        return [f"{history[-1]['at']}: {GATE_WORDS['hold']}", *(f"  {reason}" for reason in history[-1]["why"])]
    found = [path / edition_id / "gate.json" for path in (settings.home / "held", settings.editions)]
    path = next((one for one in found if one.exists()), None)
    if path is None:
        return [f"{edition_id}: 没有门禁记录 · no gate.json"]
    return _gate_lines(path)


def _gate_lines(path: Path) -> list[str]:
    gate = json.loads(path.read_text(encoding="utf-8"))
    lines = [f"{gate['edition_id']}: {GATE_WORDS[gate['decision']]}（{len(gate['results'])} 项 expectations）"]
    for row in gate["results"]:
        if row["failed"]:
            lines.append(f"  {row['expectation_id']} {row['severity']}: {row['message_zh']} · {row['message_en']}")
            lines += [f"      {key}" for key in row["sample_keys"][:5]]
    return lines


def trace_lines(settings: Settings, claim_id: str) -> list[str]:
    """A claim from the published edition, its words in the archived text, and the archived file."""
    import duckdb

    from ingest.archive import Archive
    from publish import editions

    standing = editions.current(settings.editions)
    if standing is None:
        return ["还没有发布过 · nothing is published yet"]
    with duckdb.connect(str(standing / "warehouse.duckdb"), read_only=True) as connection:
        row = connection.execute(
            "select s.source_name, s.sha256, c.reader_version, c.section_path, c.span_start, c.span_end, c.quote, "
            "c.verification, c.rule_id from fct_claim c join dim_submission s using (submission_version_id) "
            "where c.claim_id = ?",
            [claim_id],
        ).fetchone()
    if row is None:
        return [f"没有这条陈述 · no such claim: {claim_id}"]
    source, sha256, reader_version, section, start, end, quote, verification, rule_id = row
    text = Archive(settings.archive).text_of(sha256, reader_version)
    agrees = text[start:end] == quote
    return [
        f"文件 file: {source}  sha256 {sha256}",
        f"章节 section: {section}",
        f"原文 quotation [{start}:{end}]: {quote}",
        f"与归档文本一致 agrees with the archived text: {'是 yes' if agrees else '否 no'}",
        f"核实 verification: {verification}  规则 rules: {rule_id}",
    ]
