"""Whether a figure is a target, an actual, a forecast or a part of another figure: one question, asked of a scene."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.reading import grammar
from ingest.reading.names import begins_with_verb
from ingest.reading.scene import Scene

QUOTED = re.compile(r"“[^”]*”")
# A role and the id of the rule that gave it.
Told = tuple[str, str]


def role_of(scene: Scene) -> Told:
    """Role and the id of the rule that gave it. A frame beats wording, wording beats the section."""
    default = grammar.load("roles")["by_default"]
    return next(filter(None, (told(scene) for told in TELLERS)), (default["role"], default["id"]))


def _by_frame(scene: Scene) -> Told | None:
    return (scene.part.says["role"], scene.part.id) if scene.part and "role" in scene.part.says else None


def _by_year(scene: Scene) -> Told | None:
    return ("target", "role.later_year") if scene.is_future else None


def _by_words(scene: Scene) -> Told | None:
    """The first row of `roles.yaml` whose pattern stands where it is looked for."""
    data, context = grammar.load("roles"), scene.context
    texts = {
        "label": context.label,
        "announced": context.announced,
        "after": context.after,
        "before": QUOTED.sub("", context.words or context.before.rstrip("(")) + context.operator,
        "clause": context.before,
        "bracket": context.bracket,
        "sentence": context.sentence,
    }
    bound = scene.draft.operator in data["bounds_are_targets"] or scene.draft.operator == "range"
    for row in data["roles"]:
        if row["id"] == "role.done_word" and context.section == "targets" and bound and not context.outcomes:
            return "target", "role.bound_in_targets"
        if _speaks(row, texts[row["where"]], context.sentence_before):
            return row["role"], row["id"]
    return None


def _by_bracket(scene: Scene) -> Told | None:
    return ("component", "role.bracket_part") if _is_bracket_part(scene) else None


def _carried(scene: Scene) -> Told | None:
    role = scene.state.role
    return (role, "role.carried") if role and not (role == "target" and _begins_anew(scene)) else None


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
    """Whether a verb of work opens a new clause (计划新增1000亩, 落实815亩), in which a target is not carried on."""
    before = scene.context.before.removesuffix(scene.context.operator)
    mark = before[: len(before) - len(scene.context.words)][-1:]
    return mark in "，," and mark != "" and begins_with_verb(scene.context.words)


def _is_bracket_part(scene: Scene) -> bool:
    """Whether the figure is one of several parts that a bracket lists behind the figure they make up."""
    host, outer = scene.state.host, scene.state.outer_host
    inside = scene.context.bracket and outer is not None and outer.kind == "indicator"
    return bool(
        inside and host and scene.draft.unit_base in (outer.unit_base if outer else "", "") and scene.context.words
    )


def _speaks(row: dict[str, str], text: str, before: str) -> bool:
    """Whether a row's pattern stands in the text, and nothing before the figure ends its force (`until`)."""
    match = grammar.pattern(row["pattern"]).search(text)
    if row["where"] == "sentence" and match is not None and match.start() >= len(before):
        return False
    ended = match is not None and "until" in row and grammar.pattern(row["until"]).search(before, match.start())
    return match is not None and not ended
