"""What a figure is about where its own noun does not say it all: the figure before, the sentence's topic, an amount."""

from __future__ import annotations

import re

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.names import is_verb, noun_of
from ingest.reading.scene import Scene


def inherits(scene: Scene) -> bool:
    """Whether the words name no subject of their own, so that the figure is about what the last one was about."""
    pattern = grammar.named("roles", "inherits")
    words = scene.context.near.removesuffix(scene.context.operator)
    return scene.state.host is not None and not scene.context.after and pattern.match(words) is not None


def same_as(scene: Scene) -> Claim | None:
    """The claim that a frame says this figure is about as well."""
    start = scene.part.same if scene.part else None
    return next((claim for claim in reversed(scene.earlier) if claim.number == start), None)


def last_alike(scene: Scene) -> Claim | None:
    """The last figure of the sentence in the same unit (58万亩、22.6万吨, 实际58.4万亩、23.17万吨)."""
    unit = scene.draft.unit_base
    here = [claim for claim in scene.state.sentence if claim.kind == "indicator" and unit and claim.unit_base == unit]
    return here[-1] if here else None


def topic_of(scene: Scene) -> str:
    """What the sentence opens with, where none of its figures has been told yet (东园厂房正加快建设, 投资1200万元)."""
    host = scene.state.host
    if host is not None and host.sentence == scene.draft.sentence:
        return ""
    opening = grammar.named("names", "topic").match(scene.context.sentence_before)
    return noun_of(opening["noun"], "") if opening else ""


def noun_of_money(scene: Scene) -> str:
    """What a figure in brackets counts behind an amount (公务接待费6.35万元（73批次，615人）), or nothing."""
    money, context = scene.state.money_host, scene.context
    inside = bool(context.bracket) or context.before.endswith("(")
    if not inside or money is None or money.sentence != scene.draft.sentence or noun_of(context.near, context.after):
        return ""
    between = [claim for claim in scene.state.sentence if claim.number > money.number]
    return money.surface if all(claim.surface == money.surface for claim in between) else ""


def measured_as(noun: str, whole: Claim | None) -> str:
    """A part's noun with what the whole measures (播种面积2.46万亩, 其中青稞1.93万亩: 青稞播种面积)."""
    measure = grammar.named("names", "measures").search(whole.surface) if whole else None
    alone = measure is not None and measure.start() == 0
    return noun if measure is None or alone or noun.endswith(measure[0]) else noun + measure[0]


def completed(noun: str, about: str) -> str:
    """A noun that does not stand alone, completed by that of the figure before it, or by what the sentence is about."""
    data = grammar.load("names")
    if not about:
        return noun
    if not noun or grammar.pattern(data["generic"]).match(noun):
        return about
    if grammar.pattern(data["dependent"]).match(noun) and not about.endswith(noun):
        return grammar.pattern(data["measures"]).sub("", about) + noun
    if is_verb(noun):
        return about if noun in about else about + noun
    if grammar.named("names", "for_each").fullmatch(noun):
        return about + noun
    return _with_level(noun, about)


def _with_level(noun: str, about: str) -> str:
    """A level that stands for a noun takes the noun of the figure before it."""
    levels = grammar.load("names")["levels"]
    if not re.fullmatch(levels, noun):
        return noun
    parts = re.split(f"(?:{levels})(?!.*(?:{levels}))", about, maxsplit=1)
    return noun + parts[-1]
