"""Frames: phrases that give several figures their parts at once (由X提高到Y; 完成任务X的Y%). They are rows of data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.reading import grammar
from ingest.reading.lexer import Token

# Stand for figures in the text that frames are matched with: money, ratios, other figures, ranks.
PLACEHOLDERS = {"M": "\ue000", "P": "\ue001", "N": "\ue002", "R": "\ue003"}
CLASSES = {"M": "\ue000", "P": "\ue001", "N": "\ue002", "R": "\ue003", "Q": "[\ue000-\ue002]"}
FILLER = "[^，,。；;！？\\n\ue000-\ue003]{0,12}?"
FIGURE = re.compile(r"\{([MPNRQ])\}")


@dataclass(frozen=True)
class Part:
    """What a frame says of one figure; `host` and `same` are starts of other figures' tokens."""

    id: str
    says: Mapping[str, Any]
    host: int | None = None
    same: int | None = None


@dataclass(frozen=True)
class Frame:
    """One compiled row of `frames.yaml`."""

    id: str
    pattern: re.Pattern[str]
    gives: Sequence[Mapping[str, Any]]


def parts_of(text: str, start: int, figures: Sequence[Token]) -> dict[int, Part]:
    """What frames say of a paragraph's figures, by the start of each figure's token; a figure's first frame counts.

    `text` is the paragraph, which begins at `start`; `figures` are its quantities and ranks in order.
    """
    if not figures:
        return {}
    abstract, places = _abstract(text, start, figures)
    matches = [(frame, match) for frame in _frames() for match in frame.pattern.finditer(abstract)]
    depths = _depths(abstract, places) if matches else []
    found: dict[int, Part] = {}
    for frame, match in matches:
        indices = [places[match.start(f"f{number}")] for number in range(len(frame.gives))]
        for says, index in zip(frame.gives, indices, strict=True):
            others = [_start(says, key, indices, figures, depths) for key in ("host", "same")]
            part = Part(frame.id, says, *others)
            found.setdefault(figures[index].start, part)
    return found


def _abstract(text: str, start: int, figures: Sequence[Token]) -> tuple[str, dict[int, int]]:
    """The text with one character for each figure, and the number of the figure at each such place."""
    pieces, places, position, length = [], {}, 0, 0
    for number, figure in enumerate(figures):
        words = text[position : figure.start - start]
        pieces += [words, PLACEHOLDERS[_class_of(figure)]]
        places[length + len(words)] = number
        length += len(words) + 1
        position = figure.end - start
    return "".join([*pieces, text[position:]]), places


def _depths(abstract: str, places: Mapping[int, int]) -> list[int]:
    """How deep in brackets each figure stands."""
    depths, depth = [], 0
    for place, character in enumerate(abstract):
        depth += (character == "(") - (character == ")")
        if place in places:
            depths.append(depth)
    return depths


def _class_of(figure: Token) -> str:
    if figure.kind == "rank":
        return "R"
    family = grammar.unit_of(figure.unit).family
    if figure.unit in grammar.load("units")["alone"]:
        return "M"
    return {"ratio": "P", "multiple": "P", "money": "M", "usd": "M"}.get(family, "N")


def _start(
    says: Mapping[str, Any], key: str, indices: Sequence[int], figures: Sequence[Token], depths: Sequence[int]
) -> int | None:
    """The start of the figure that `key` names: by its number in the frame, or -1 for the figure before the frame (not
    one in brackets that are closed by then).
    """
    if key not in says:
        return None
    if says[key] >= 0:
        return int(figures[indices[says[key]]].start)
    before = (index for index in range(indices[0] - 1, -1, -1) if depths[index] <= depths[indices[0]])
    return next((figures[index].start for index in before), None)


@cache
def _frames() -> tuple[Frame, ...]:
    return tuple(Frame(row["id"], _compiled(row["pattern"]), row["gives"]) for row in grammar.load("frames"))


def _compiled(pattern: str) -> re.Pattern[str]:
    numbers = iter(range(len(FIGURE.findall(pattern))))
    marked = FIGURE.sub(lambda match: f"(?P<f{next(numbers)}>{CLASSES[match[1]]})", pattern)
    return re.compile(marked.replace("~", FILLER))
