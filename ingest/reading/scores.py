"""Points of the self-evaluation: the total that a department gives itself, an item's points, an item's full marks."""

from __future__ import annotations

import re
from decimal import Decimal

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.names import noun_of
from ingest.reading.scene import Scene, with_changes

WHOLE = Decimal(100)
LIST_NUMBER = re.compile(r"\(\d{1,2}\)|^\d{1,2}[.、．]")


def read_score(scene: Scene) -> Claim | None:
    """Points of the self-evaluation: the total, an item's, or an item's full marks."""
    framed = scene.part is not None and scene.part.says.get("kind") == "score"
    if _is_of_work(scene) or not (framed or _is_bare(scene) or scene.draft.unit_family == "score"):
        return None
    role = scene.part.says["role"] if framed and scene.part else _role(scene)
    deducted = scene.part is not None and "sign" in scene.part.says
    if role == "item" and not deducted and _is_total(scene):
        role = "self"
    full = scene.state.score_host
    sign = scene.part.says.get("sign", 1) if scene.part else 1
    surface = _item(scene, role, deducted)
    return with_changes(scene.signed(sign), f"score.{role}", full, kind="score", role=role, surface=surface)


def _follows_points(scene: Scene) -> bool:
    return bool(scene.earlier) and scene.earlier[-1].kind == "score"


def _is_of_work(scene: Scene) -> bool:
    """Whether the points are a result of work (满意度92分) and not of the self-evaluation."""
    return grammar.named("grades", "other").search(scene.context.words) is not None and not _follows_points(scene)


def _is_bare(scene: Scene) -> bool:
    """Whether these are points written without 分."""
    context = scene.context
    inside = context.bracket and _follows_points(scene) and context.words
    return not scene.draft.unit and bool(inside or grammar.named("grades", "bare").search(context.words))


def _is_total(scene: Scene) -> bool:
    """Whether an item's points are in truth the total: by their words, or behind no full marks but 100."""
    full, words = scene.state.score_host, scene.context.words
    alone = full is None or full.value == WHOLE
    whole = grammar.named("grades", "whole").search(words)
    return bool(whole or (alone and grammar.named("grades", "total").search(words)))


def _role(scene: Scene) -> str:
    """Full marks stand first in a bracket behind an item; points behind full marks are that item's."""
    words, patterns = scene.context.words, grammar.load("grades")["scores"]
    if not words and scene.context.bracket == "" and scene.context.before.endswith("("):
        return "full"
    if scene.state.score_host is not None and not grammar.pattern(patterns["full"]).search(words):
        return "item"
    return next((role for role, pattern in patterns.items() if grammar.pattern(pattern).search(words)), "item")


def _item(scene: Scene, role: str, deducted: bool) -> str:
    """The words for what the points are given for: those of the points before them, or their own."""
    full, here, host = scene.state.score_host, scene.state.sentence, scene.state.host
    own = noun_of(grammar.named("names", "score_clutter").sub("", scene.context.words), "")
    if role == "full" and scene.context.before.startswith("(") and here and here[-1].kind == "score":
        return here[-1].surface
    if deducted and not own and host is not None and host in here:
        return host.surface
    return full.surface if full and role == "item" and not (scene.named or own) else _scored(scene)


def _scored(scene: Scene) -> str:
    """The item that points are given for: the noun before them, else the heading they stand under."""
    clutter = grammar.named("names", "score_clutter")
    clauses = (
        [scene.named] if scene.named else re.split("[，,(:;；。、]", LIST_NUMBER.sub("", scene.context.sentence_before))
    )
    nouns = [noun_of(clutter.sub("", clause), "") for clause in reversed(clauses) if not re.search(r"\d", clause)]
    nearest = [noun for noun in nouns[:2] if noun]
    return nearest[0] if nearest else scene.heading or next((noun for noun in nouns if noun), "")
