"""Background that is no result of the year: staff, offices, prices per unit, averages, conditions."""

from __future__ import annotations

from collections.abc import Callable

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.names import begins_with_verb, is_verb, noun_of
from ingest.reading.roles import role_of
from ingest.reading.scene import Scene, with_changes
from ingest.reading.subjects import inherits


def read_context(scene: Scene) -> Claim | None:
    """A figure that only describes: by a frame or by the first rule that holds."""
    if scene.part and scene.part.says.get("kind") == "context":
        rule: str | None = scene.part.id
    else:
        rule = next((name for name, holds in RULES.items() if holds(scene)), None)
    return with_changes(scene.draft, rule, kind="context", role="context", surface=_surface(scene)) if rule else None


def _surface(scene: Scene) -> str:
    """What is counted: in the field of a rank the noun behind (全县22个乡镇); staff of whom only a state is told
    (实有289人); a price for one of what was counted before (每人每月1800元).
    """
    surface, host = scene.draft.surface, scene.state.host
    if grammar.named("roles", "field").search(scene.context.words):
        return noun_of("", grammar.named("roles", "field_ends").split(scene.context.after)[0]) or surface
    if is_verb(surface) and scene.draft.unit_family == "person":
        return f"{surface}{grammar.load('names')['staff']}"
    bare = is_verb(surface) or grammar.named("names", "for_each").match(surface)
    return host.surface + surface if host and bare else surface


def _is_per_unit(scene: Scene) -> bool:
    """A figure for one of many (每次约15宗), or an amount per head."""
    words, draft = scene.context.words, scene.draft
    role, rule = role_of(scene)
    if rule in ("role.label_target", "role.announced_target") or (role == "target" and draft.unit_family != "money"):
        return False
    per_head = draft.unit_family == "money" and grammar.named("roles", "per_head").search(words)
    return bool(per_head or grammar.named("roles", "per_unit").search(words) or draft.unit_base.startswith("元/"))


def _is_condition(scene: Scene) -> bool:
    """A figure that describes the noun behind it (18人的工作队), or the field of a rank (全县22个乡镇)."""
    data, draft, context = grammar.load("roles"), scene.draft, scene.context
    bound = draft.operator in data["bounds_are_targets"] or draft.unit_family in data["attribute_families"]
    condition = bound and grammar.named("roles", "attribute").match(context.after)
    among = grammar.named("roles", "among").match(context.after)
    field = grammar.named("roles", "field").search(context.words) and draft.unit_family == "count"
    return bool(condition or among or field or context.leads) and role_of(scene)[1] != "role.target_behind"


def _is_part(scene: Scene) -> bool:
    """A part of a figure that is background itself."""
    host, context = scene.state.host, scene.context
    same = next((claim for claim in scene.earlier if scene.part and claim.number == scene.part.same), None)
    if same is not None:
        return same.kind == "context"
    if scene.alias or host is None or host.kind != "context":
        return False
    if context.before.startswith("、") and host.unit_family == scene.draft.unit_family:
        return True
    alike = host.unit_base == scene.draft.unit_base
    return alike and bool(context.words.startswith("其中") or context.bracket or inherits(scene))


def _is_described(scene: Scene) -> bool:
    """Something counted where the department is described."""
    return _is_counted(scene) and scene.context.section in grammar.load("roles")["context_sections"]


def _is_staff_or_place(scene: Scene) -> bool:
    """Something counted whose words are those of staff, offices, area or population."""
    words = scene.context.near + scene.context.after
    host = scene.state.host
    if scene.context.before.startswith("、") and host is not None and host.kind == "indicator":
        return False
    return _is_counted(scene) and grammar.named("roles", "context").search(words) is not None


def _is_counted(scene: Scene) -> bool:
    """Whether something is counted that no alias names and no verb of work made."""
    families = grammar.load("roles")["context_families"]
    return not scene.alias and scene.draft.unit_family in families and not _is_work(scene)


def _is_work(scene: Scene) -> bool:
    """Whether a verb of work or a target stands before the figure, so that it is no mere background."""
    role, rule = role_of(scene)
    return (
        role == "target"
        or begins_with_verb(scene.context.words)
        or rule in ("role.done_word", "role.done_for_sure", "role.label_actual", "role.label_target")
    )


# The id of each rule and when it holds; tried in this order.
RULES: dict[str, Callable[[Scene], bool]] = {
    "context.per_unit": _is_per_unit,
    "context.condition": _is_condition,
    "context.part": _is_part,
    "context.described": _is_described,
    "context.words": _is_staff_or_place,
}
