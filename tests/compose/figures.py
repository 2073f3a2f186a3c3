"""The table of the last run in docs/operator/containers.md, between its two marks."""

from __future__ import annotations

from typing import Any

from jiheng.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "operator" / "containers.md"
BEGIN, END = "<!-- figures of make test-compose -->", "<!-- end of figures -->"


def write_table(figures: dict[str, Any]) -> None:
    """Put the figures of a run in the place of those of the run before."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table(figures)}{END}{after}", encoding="utf-8")


def table(figures: dict[str, Any]) -> str:
    """One row a figure, in the order of the run."""
    rows = [
        f"| {phase} | {name} | {_told(value)} |\n" for phase, facts in figures.items() for name, value in facts.items()
    ]
    return "| phase | figure | value |\n| --- | --- | --- |\n" + "".join(rows)


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_told(one)}" for name, one in value.items())
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
