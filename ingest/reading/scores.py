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
    if role == "self" and not framed and _is_of_item(scene):
        role = "item"
    full = scene.state.score_host
    sign = scene.part.says.get("sign", 1) if scene.part else 1
    surface = _item(scene, role, deducted)
    return with_changes(scene.signed(sign), f"score.{role}", full, kind="score", role=role, surface=surface)


def _follows_points(scene: Scene) -> bool:
    return bool(scene.earlier) and scene.earlier[-1].kind == "score"


def _is_of_work(scene: Scene) -> bool:
    """Whether the points are a result of work (满意度92分) and not of the self-evaluation."""
    grown = scene.change is not None and scene.context.compares_years
    other = grammar.named("grades", "other").search(scene.context.words) is not None and not _follows_points(scene)
    here = scene.state.sentence
    beside = bool(here) and here[-1].kind == "indicator" and here[-1].unit_family == "score"
    return grown or other or beside


def _is_bare(scene: Scene) -> bool:
    """Whether these are points written without 分."""
    context = scene.context
    inside = context.bracket and _follows_points(scene) and context.words
    return not scene.draft.unit and bool(inside or grammar.named("grades", "bare").search(context.words))


def _is_total(scene: Scene) -> bool:
    """Whether an item's points are in truth the total: by their words, or behind no full marks but 100."""
    full, words = scene.state.score_host, scene.context.words
    alone = (full is None or full.value == WHOLE) and not scene.context.is_under_item
    whole = grammar.named("grades", "whole").search(words)
    opens = full is None and not noun_of(grammar.named("names", "score_clutter").sub("", words), "")
    headed = opens and not scene.state.sentence and grammar.named("grades", "total").search(scene.heading)
    return bool(whole or headed or (alone and grammar.named("grades", "total").search(words)))


def _is_of_item(scene: Scene) -> bool:
    """Whether the points stand under an item's own heading (3.信息公开。…得3分), not under the conclusion's."""
    named = scene.context.is_under_item and scene.context.section != "conclusion"
    headed = grammar.named("grades", "total").search(scene.heading)
    return named and not headed and grammar.named("grades", "whole").search(scene.context.words) is None


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
    full, here = scene.state.score_host, scene.state.sentence
    own = noun_of(grammar.named("names", "score_clutter").sub("", scene.context.words), "")
    if role == "full" and scene.context.before.startswith("(") and here and here[-1].kind == "score":
        return here[-1].surface
    judged = [claim.surface for claim in here if claim.kind != "score" and claim.surface]
    if deducted and not own and judged:
        return judged[-1]
    if scene.context.is_under_item and not (scene.named or own):
        return scene.heading
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
