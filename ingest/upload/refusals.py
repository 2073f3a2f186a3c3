"""Refusals: what the upload says when it does not do what was asked, in Chinese and English, and how to mend it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ingest.reading.grammar import read_table


class Refusal(Exception):
    """A request that is refused; `code` is a row of `answers.csv`, `facts` are numbers that the sender needs."""

    def __init__(self, code: str, headers: dict[str, str] | None = None, **facts: int) -> None:
        self.code, self.headers, self.facts = code, headers or {}, facts
        super().__init__(code)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(_answers()[self.code]["status"])

    def body(self) -> dict[str, Any]:
        """The answer as JSON."""
        row = _answers()[self.code]
        return {name: row[name] for name in ("code", "message_zh", "message_en", "help_zh", "help_en")} | self.facts


@cache
def _answers() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read_table(Path(__file__).with_name("answers.csv"))}
