"""How a report is worded: names and years it gives itself, gaps and slips of its text; words are in `wording.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from ingest.checking.case import Case, Passage
from ingest.reading import grammar
from ingest.reading.claims import Claim

# A finding shows at most so many places.
MOST_SHOWN = 5


@cache
def wording() -> dict[str, Any]:
    """Words and patterns of the rules on text (`wording.yaml`)."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("wording.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def slip(name: str) -> re.Pattern[str]:
    """A pattern of the wording by its name."""
    return re.compile(wording()["patterns"][name])


def places(case: Case, found: Iterable[re.Match[str]]) -> list[Passage]:
    """The sentences around the first of what was found, each once, at most a handful."""
    passages = (case.passage(match.start(), match.end()) for match in islice(found, MOST_SHOWN))
    return list(dict.fromkeys(passages))


def quoted(found: Iterable[re.Match[str]]) -> str:
    """What was found, each once, at most a handful, in quotation marks."""
    words = list(dict.fromkeys(match[0].strip() for match in found))
    return "、".join(f"“{word}”" for word in words[:MOST_SHOWN])


def head_of(case: Case) -> str:
    """The title and cover: what stands before the first chapter, no more than identification looks at."""
    head = case.text[: int(grammar.load("identity")["cover_characters"])]
    chapter = re.search(r"(?m)^一、", head)
    return head[: chapter.start()] if chapter else head


def dates_of_filling(case: Case) -> list[Passage]:
    """Where the report says when it was filled in."""
    return places(case, re.finditer(grammar.load("identity")["filled_on"], case.text))[:1]


def day(one: date) -> str:
    """A day as people write it."""
    return f"{one.year}年{one.month}月{one.day}日"


def results_of(case: Case) -> list[Claim]:
    """The claims of the self-evaluation's own result: score and grade."""
    return [*case.of_kind("score", "self"), *case.of_kind("grade", "self")]


def unspaced(text: str) -> str:
    """A quotation without the spaces and line ends of its page."""
    return "".join(text.split())
