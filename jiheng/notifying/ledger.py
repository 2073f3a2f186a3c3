"""What was sent to whom: `JIHENG_HOME/notices/sent.jsonl`, a line before each attempt and one after it, never changed.

A run that is killed between the two leaves a line that says `trying` and nothing else: the notice may have arrived or
not. It is then sent once more, and not a third time: a message that comes twice is a nuisance, one that never comes
looks like a night on which nothing happened.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jiheng import chain
from jiheng.notifying.outcome import SENT, UNCLEAR, Outcome

NAME = "sent.jsonl"
TRYING = "trying"
# So often may a notice be sent to a channel without knowing whether it arrived.
MOST_IN_DOUBT = 2


@dataclass
class Story:
    """What was tried with one notice and one channel, oldest first."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_sent(self) -> bool:
        """Whether it was accepted."""
        return any(line["outcome"] == SENT for line in self.lines)

    @property
    def in_doubt(self) -> int:
        """How often it went out without an answer, or was being sent when the run was killed."""
        outcomes = Counter(str(line["outcome"]) for line in self.lines)
        tried = outcomes.pop(TRYING, 0)
        return outcomes[UNCLEAR] + tried - outcomes.total()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be sent by itself."""
        return self.is_sent or self.in_doubt >= MOST_IN_DOUBT


def lines(folder: Path) -> list[dict[str, Any]]:
    """All that was tried and what became of it, oldest first."""
    return chain.history(folder, NAME)


def stories(folder: Path) -> dict[tuple[str, str], Story]:
    """What was tried, by notice and channel."""
    found: dict[tuple[str, str], Story] = defaultdict(Story)
    for line in lines(folder):
        found[line["notice"], line["channel"]].lines.append(line)
    return found


def note_trying(folder: Path, notice: str, channel: str, facts: dict[str, Any]) -> None:
    """Put on record that it is about to be sent, and wait until that is on the disk."""
    chain.record(folder, {"notice": notice, "channel": channel, "outcome": TRYING, **facts}, NAME)


def note_outcome(folder: Path, notice: str, channel: str, became: Outcome) -> None:
    """Put on record what became of it."""
    said = {"outcome": became.outcome, "words": became.words, "attempts": became.attempts}
    chain.record(folder, {"notice": notice, "channel": channel, **said}, NAME)


def open_troubles(folder: Path, names: Iterable[str]) -> list[dict[str, Any]]:
    """Of each of these channels the last line, where it tells of a notice that is not known to have arrived."""
    last: dict[str, dict[str, Any]] = {}
    for line in lines(folder):
        last[line["channel"]] = line
    return [last[name] for name in names if name in last and last[name]["outcome"] != SENT]
