"""What a night and a claim look like in a terminal."""

from __future__ import annotations

from typing import Any

from jiheng.gate_words import WORDS
from jiheng.monitoring.alarms import alarm_of_failure
from jiheng.nightly import NightResult
from jiheng.settings import Settings


def summary_lines(result: NightResult) -> list[str]:
    """The end of `jiheng nightly`: what came, what became of it, and where to look."""
    facts = result.facts
    if result.outcome == "failed":
        return [
            "",
            f"✗ 这一夜没有完成 · the night failed at {facts.get('step', 'start')}: {facts.get('error', 'see the log')}",
            f"  日志 log: {result.log}",
            "  上一期保持不变，修好后再运行即可 · the last edition stands; mend and run again",
            f"  处置 runbook: {alarm_of_failure(facts.get('code')).runbook}",
        ]
    lines = [
        "",
        f"收到 received {facts['received']} · 受理 accepted {facts['accepted']} · 退回 returned {facts['returned']}"
        f" · 隔离 quarantined {facts['quarantined']}",
        f"门禁 gate: {WORDS[facts['gate']]}",
    ]
    if result.outcome == "held":
        lines += [f"  ✋ {reason}" for reason in facts["holding"]]
        standing = facts["standing"] or "（还没有 none yet）"
        details = [f"  详见 details: {facts['held']}/gate.json"] if "held" in facts else []
        return [*lines, f"本期未发布，保留 held; still standing: {standing}", *details, *_notices(facts)]
    word = {
        "published": "已发布 published",
        "unchanged": "与已发布的相同 unchanged",
        "overtaken": "已有更新的一期，无须发布 a newer edition stands, so this one is not needed",
        "withdrawn": "已被撤回，不再自行发布 taken back before, not published again",
    }[result.outcome]
    nothing_new = [] if facts["received"] else ["没有新文件 · nothing new came in"]
    return [
        *lines,
        *nothing_new,
        *([f"排名 ranked: {facts['ranked']} 个区划 · divisions"] if "ranked" in facts else []),
        f"期号 edition: {facts['edition_id']}（{word}）",
        *([f"对象存储 object store: {facts['sent']}"] if facts.get("sent") else []),
        *_notices(facts),
        f"打开 open: file://{facts['site']}",
    ]


def _notices(facts: dict[str, Any]) -> list[str]:
    return [f"通知 notice: {one}" for one in facts.get("notices", [])]


def trace_lines(settings: Settings, claim_id: str, who: str) -> list[str]:
    """A claim from the published edition, its words in the archived text, and the archived file; that somebody looked
    into it is put on record.
    """
    import duckdb

    from ingest.archive import Archive, Visit
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
    text = Archive(settings.archive).text_of(sha256, reader_version, Visit(who, "trace", claim_id))
    agrees = text[start:end] == quote
    return [
        f"文件 file: {source}  sha256 {sha256}",
        f"章节 section: {section}",
        f"原文 quotation [{start}:{end}]: {quote}",
        f"与归档文本一致 agrees with the archived text: {'是 yes' if agrees else '否 no'}",
        f"核实 verification: {verification}  规则 rules: {rule_id}",
    ]
