"""The rule catalogue as a page for people: `python -m ingest.checking.rulebook` writes `docs/rules.md`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ingest.checking.catalogue import catalogue
from jiheng.files import write_text
from jiheng.settings import PROJECT_ROOT, Settings

PAGE = PROJECT_ROOT / "docs" / "rules.md"
HEAD = """# 检查规则 · Rules

由 `dbt_project/seeds/rules.csv` 生成（`make docs`），请勿手改。 Generated from the catalogue; edit that, not this.

P0 退回 returns the report · P1 需要说明 accepted with a finding · P2 提示 a note

"""


def as_markdown(rows: Mapping[str, Mapping[str, str]]) -> str:
    """The catalogue as Markdown, one section a rule, in the order of the ids."""
    return HEAD + "\n".join(_section(rows[rule_id]) for rule_id in sorted(rows))


def _section(row: Mapping[str, str]) -> str:
    return (
        f"## {row['rule_id']} {row['title_zh']} · {row['title_en']}（{row['severity']}）\n\n"
        f"- 应当 expected: {row['expected_zh']} · {row['expected_en']}\n"
        f"- 报告人看到 message: {row['message_zh']}\n"
        f"- in English: {row['message_en']}\n"
        f"- 怎样改 remedy: {row['remedy_zh']} · {row['remedy_en']}\n"
        f"- 依据 source: {row['source']}；负责 owner: {row['owner']}；自 since: {row['since']}，"
        f"生效 valid from: {row['valid_from']}\n"
    )


def write(target: Path = PAGE) -> None:
    """Write the page."""
    write_text(target, as_markdown(catalogue(Settings.from_environment().reference)))


if __name__ == "__main__":
    write()
