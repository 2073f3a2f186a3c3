"""What a check of an edition gives: its name, what it looked at, and one sentence for each thing that is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

PASSED, FAILED, NOT_DONE = "pass", "fail", "not_done"
MARKS = {PASSED: "✓", FAILED: "✗", NOT_DONE: "–"}


class Impossible(Exception):
    """The check cannot be done here; the message says what it lacks."""


@dataclass(frozen=True)
class Found:
    """The outcome of looking: how much was looked at, in words, and what is wrong."""

    looked_at: str
    problems: Sequence[str] = ()


@dataclass(frozen=True)
class Check:
    """One check and its outcome."""

    name: str
    title_zh: str
    title_en: str
    outcome: str
    words: str
    problems: tuple[str, ...]
    seconds: float

    def line(self) -> str:
        """The check in a line, for people."""
        told = f"（{self.words}）" if self.words else ""
        return f"{MARKS[self.outcome]} {self.title_zh} · {self.title_en}{told}"

    def as_json(self) -> dict[str, Any]:
        """The check for a program."""
        return {
            **{"check": self.name, "outcome": self.outcome, "title_zh": self.title_zh, "title_en": self.title_en},
            **{"words": self.words, "problems": list(self.problems), "seconds": round(self.seconds, 2)},
        }


def looked_at(name: str, title_zh: str, title_en: str, look: Callable[[], Found]) -> Check:
    """Do a check. Whatever a damaged file makes a library raise is a problem that is told in a sentence."""
    began = time.perf_counter()
    try:
        found = look()
        outcome = FAILED if found.problems else PASSED
    except Impossible as lacking:
        found, outcome = Found(str(lacking)), NOT_DONE
    except Exception as error:
        found, outcome = Found("", [damaged("", error)]), FAILED
    seconds = time.perf_counter() - began
    return Check(name, title_zh, title_en, outcome, found.looked_at, tuple(found.problems), seconds)


def damaged(what: str, error: Exception) -> str:
    """The sentence about something that cannot be read."""
    first = f"{error}".strip().partition("\n")[0][:200]
    return f"{what or '内容'} 无法读取 cannot be read: {type(error).__name__}: {first}"
