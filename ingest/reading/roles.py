"""Whether a figure is a target, an actual, a forecast or a part of another figure: one question, asked of a scene."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.reading import grammar
from ingest.reading.names import begins_with_verb
from ingest.reading.scene import Scene

QUOTED = re.compile(r"“[^”]*”")
# A role and the id of the rule that gave it.
Told = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One row of `roles.yaml`: a pattern, where it is looked for, and when it counts."""

    told: Told
    where: str
    pattern: re.Pattern[str]
    until: re.Pattern[str] | None
    in_targets: bool | None
    bound: bool
    alone: bool

    def speaks(self, text: str, before: str) -> bool:
        """Whether the pattern stands in the text, and nothing before the figure ends its force (`until`)."""
        match = self.pattern.search(text)
        if match is None or (self.where == "sentence" and match.start() >= len(before)):
            return False
        return self.until is None or self.until.search(before, match.start()) is None


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(
        Row(
            (row["role"], row["id"]),
            row["where"],
            re.compile(row["pattern"]),
            re.compile(row["until"]) if "until" in row else None,
            row.get("in_targets"),
            row.get("bound", False),
            row.get("alone", False),
        )
        for row in grammar.load("roles")["roles"]
    )


# The interpreters of one figure ask for its role one after the other: it is found once.
@lru_cache(maxsize=1)
def role_of(scene: Scene) -> Told:
    """Role and the id of the rule that gave it. A frame beats wording, wording beats the section."""
    default = grammar.load("roles")["by_default"]
    return next(filter(None, (told(scene) for told in TELLERS)), (default["role"], default["id"]))


def _by_frame(scene: Scene) -> Told | None:
    return (scene.part.says["role"], scene.part.id) if scene.part and "role" in scene.part.says else None


def _by_year(scene: Scene) -> Told | None:
    """A figure of a later year is a target, or a forecast where words say so."""
    if not scene.is_future:
        return None
    forecast = next(row for row in _rows() if row.told[0] == "forecast")
    return forecast.told if forecast.speaks(scene.context.words, "") else ("target", "role.later_year")


def _by_words(scene: Scene) -> Told | None:
    """The first row of `roles.yaml` whose pattern stands where it is looked for."""
    context = scene.context
    texts = {
        "label": context.label,
        "announced": context.announced,
        "after": context.after,
        "before": QUOTED.sub("", context.words or context.before.rstrip("(")) + context.operator,
        "quoted": context.words + context.operator,
        "clause": context.before,
        "bracket": context.bracket,
        "sentence": context.sentence,
        "rest": context.rest,
    }
    in_targets = context.section == "targets" and not context.outcomes
    bound = scene.draft.operator in grammar.load("roles")["bounds_are_targets"]
    for row in _rows():
        excluded = row.in_targets not in (None, in_targets) or (row.bound and not bound)
        if excluded or (row.alone and context.after):
            continue
        if row.speaks(texts[row.where], context.sentence_before):
            return row.told
    return None


def _by_bracket(scene: Scene) -> Told | None:
    if not _is_bracket_part(scene):
        return None
    bound = scene.draft.operator in (">=", "<=")
    return ("target", "role.bracket_bound") if bound else ("component", "role.bracket_part")


def _carried(scene: Scene) -> Told | None:
    role = scene.state.role
    ended = role in ("target", "component") and _begins_anew(scene)
    return (role, "role.carried") if role and not ended else None


def _by_section(scene: Scene) -> Told | None:
    context = scene.context
    if context.section == "targets":
        return ("actual", "role.outcomes_in_targets") if context.outcomes else ("target", "role.section_targets")
    outcome = context.section in grammar.load("roles")["outcome_sections"]
    return ("actual", "role.section_results") if outcome else None


# Tried in this order; the first that tells a role decides.
TELLERS: tuple[Callable[[Scene], Told | None], ...] = (
    _by_frame,
    _by_year,
    _by_words,
    _by_bracket,
    _carried,
    _by_section,
)


def _begins_anew(scene: Scene) -> bool:
    """Whether a verb of work opens a new clause (计划新增1000亩, 落实815亩): no target or part is carried into it."""
    before = scene.context.before.removesuffix(scene.context.operator)
    mark = before[: len(before) - len(scene.context.words)][-1:]
    return mark in "，," and mark != "" and begins_with_verb(scene.context.words)


def _is_bracket_part(scene: Scene) -> bool:
    """Whether the figure is one of several parts that a bracket lists behind the figure they make up."""
    outer = scene.state.outer_host
    if not scene.context.bracket or outer is None or outer.kind != "indicator" or not scene.context.words:
        return False
    # What is told of a day (日均1386吨) has its parts and bounds in the same unit without the day.
    return scene.draft.unit_base in ("", outer.unit_base, outer.unit_base.partition("/")[0])
