"""The rule catalogue as a page for people: `python -m ingest.checking.rulebook` writes `docs/rules.md`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ingest.checking.catalogue import SEVERITIES, catalogue, explanations_of
from ingest.reading.grammar import read_table
from jiheng.files import write_text
from jiheng.settings import PROJECT_ROOT, Settings

PAGE = PROJECT_ROOT / "docs" / "rules.md"
CATEGORIES = {
    "arithmetic": "预算与支出 · The department's money",
    "outcome": "目标与完成情况 · Targets and outcomes",
    "completeness": "内容齐全 · Completeness",
    "identity": "报送单位与文本 · Identity and text",
    "score": "评分与表格 · Scores and forms",
    "filing": "报送 · Filing",
    "history": "与其他报告比较 · Against other reports",
}
HEAD = """# 检查规则 · Rules

由 `dbt_project/seeds/rules.csv` 生成（`make docs`），请勿手改。 Generated from the catalogue; edit that, not this.

P0 退回 returns the report · P1 需要说明 accepted with a finding · P2 提示 a note.

数值参数（按地方和年度） parameters: `rule_parameters.csv`；暂时降级（理由、期限） demotions: `rule_demotions.csv`.

"""


def as_markdown(rows: Mapping[str, Mapping[str, str]], effects: Mapping[str, Mapping[str, str]]) -> str:
    """The catalogue as Markdown: a table of contents by category and severity, then one section a rule."""
    parts = [HEAD, _contents(rows)]
    for category, title in CATEGORIES.items():
        own = [row for _, row in sorted(rows.items()) if row["category"] == category]
        parts += [f"## {title}\n", *(_section(row, effects[row["effect"]]) for row in own)]
    return "\n".join(parts)


def effects_of(reference: Path) -> dict[str, dict[str, str]]:
    """What a failure may mean for the rank, by key."""
    return {row["effect"]: row for row in read_table(reference / "rule_effects.csv")}


def _contents(rows: Mapping[str, Mapping[str, str]]) -> str:
    lines = ["| 类别 category | P0 | P1 | P2 | 合计 total |", "| --- | ---: | ---: | ---: | ---: |"]
    for category, title in {**CATEGORIES, "": "合计 · Total"}.items():
        own = [row["severity"] for row in rows.values() if category in ("", row["category"])]
        counts = " | ".join(str(own.count(severity)) for severity in SEVERITIES)
        lines.append(f"| {title} | {counts} | {len(own)} |")
    return "\n".join(lines) + "\n"


def _section(row: Mapping[str, str], effect: Mapping[str, str]) -> str:
    explained = "、".join(explanations_of(row))
    return (
        f"### {row['rule_id']} {row['title_zh']} · {row['title_en']}（{row['severity']}）\n\n"
        f"- 应当 expected: {row['expected_zh']} · {row['expected_en']}\n"
        f"- 报告人看到 message: {row['message_zh']}\n"
        f"- in English: {row['message_en']}\n"
        f"- 怎样改 remedy: {row['remedy_zh']} · {row['remedy_en']}\n"
        f"- 对名次的影响 for the rank: {effect['words_zh']} · {effect['words_en']}\n"
        + (f"- 可由这些规则的问题引起 may be caused by: {explained}\n" if explained else "")
        + f"- 依据 source: {row['source']}；负责 owner: {row['owner']}；自 since: {row['since']}，"
        f"生效 valid from: {row['valid_from']}\n"
    )


def write(target: Path = PAGE) -> None:
    """Write the page."""
    reference = Settings.from_environment().reference
    write_text(target, as_markdown(catalogue(reference), effects_of(reference)))


if __name__ == "__main__":
    write()
