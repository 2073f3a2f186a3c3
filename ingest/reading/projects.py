"""Whose money an amount is: that of a project or fund which the sentence names, or the whole department's."""

from __future__ import annotations

from ingest.reading import grammar
from ingest.reading.names import category_of, noun_of
from ingest.reading.scene import Scene

# A project's name is this long at least: shorter ones (资金, 项目) name none.
SHORTEST = 4


def project_of(scene: Scene) -> str | None:
    """The project or fund that an amount or its rate is of; None when it is the department's own."""
    if grammar.named("money", "whole").search(scene.context.words):
        return None
    return named_project(scene.context.near) or _inherited(scene) or _of_host(scene) or _topic(scene)


def named_project(words: str) -> str | None:
    """The project or fund that the words name (县级河湖长制工作经费安排): the name, or None."""
    match = grammar.named("money", "project").search(words)
    noun = noun_of(match["noun"], "") if match else ""
    known = grammar.named("money", "no_project").fullmatch(noun)
    return noun if len(noun) >= SHORTEST and not known else None


def _of_host(scene: Scene) -> str | None:
    """A project whose indicator figure stands before, or that a frame tells."""
    host = scene.state.host
    named = host is not None and host.unit_family == "money" and host.sentence == scene.draft.sentence
    framed = scene.part is not None and scene.part.says.get("of_project", False)
    if not (named or framed):
        return None
    return scene.earlier[-1].surface if named else scene.draft.surface


def _inherited(scene: Scene) -> str | None:
    """The project of the amount before in the same sentence."""
    host = scene.state.money_host
    same = host is not None and host.subject is None and host.sentence == scene.draft.sentence
    return host.surface if same and host else None


def _topic(scene: Scene) -> str | None:
    """The project that an item is headed with, or that the sentence opens with (福彩公益金项目进展慢, 预算1860万元)."""
    heading = scene.heading if scene.context.is_under_item else ""
    opening = grammar.named("money", "project_opens").match(scene.context.sentence_before)
    for words in (heading, opening["noun"] if opening else ""):
        project = named_project(words) if category_of(words, scene.reference) is None else None
        if project:
            return project
    return None
