"""Alarms and their runbooks: which page of `docs/operator/runbooks/` tells what to do, by the code of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FOLDER = "docs/operator/runbooks"
# What is told where nothing more is known.
OTHERWISE = "RUN-FAILED"


@dataclass(frozen=True)
class Alarm:
    """One alarm: its name is its runbook's."""

    name: str
    zh: str
    en: str
    codes: tuple[str, ...] = ()

    @property
    def runbook(self) -> str:
        """The page, from the project's root."""
        return f"{FOLDER}/{self.name}.md"

    def __str__(self) -> str:
        return f"{self.zh} {self.en}：{self.runbook}"


@cache
def alarms() -> dict[str, Alarm]:
    """All alarms by name."""
    said = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return {name: Alarm(name, one["zh"], one["en"], tuple(one["codes"])) for name, one in said.items()}


def alarm_of(code: str | None) -> Alarm | None:
    """The alarm that a code means: the code itself, else its letter where that stands for all; None for other codes."""
    for wanted in (code, (code or "")[:1]):
        found = [one for one in alarms().values() if wanted and wanted in one.codes]
        if found:
            return found[0]
    return None


def alarm_of_gate(expectation_id: str) -> Alarm:
    """The alarm of an expectation that holds a night."""
    return alarm_of(expectation_id) or alarms()["GATE-HELD"]


def alarm_of_failure(code: str | None) -> Alarm:
    """The alarm of a run that failed."""
    return alarm_of(code) or alarms()[OTHERWISE]
