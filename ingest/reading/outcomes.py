"""Results of the department's work: indicators, their growth, completion rates and ranks, scores, and background."""

from __future__ import annotations

import re
from decimal import Decimal

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.names import begins_with_verb, category_of, is_verb, noun_of
from ingest.reading.scene import Scene, with_changes

SIGNED = ("growth", "change", "change_rate")
MONEY_KINDS = ("budget", "income", "expenditure", "balance", "execution_rate")
RATIOS = ("ratio", "multiple")
COUNTED = ("count", "person")
WHOLE = Decimal(100)
UNKNOWN = ("unknown", "role.unknown")
RATE_WORD = re.compile(r"(?P<noun>.*?)(?:任务|目标|指标)?(?:完成|实现|达成)(?:率|比例|进度|度|程度)")
LIST_NUMBER = re.compile(r"\(\d{1,2}\)|^\d{1,2}[.、．]")
QUOTED = re.compile(r"“[^”]*”")
# A figure with 的 and a noun behind it describes that noun.
ATTRIBUTE = re.compile(r"的[\u4e00-\u9fff]{2,}")
# What a rank orders by (总量, 增幅) is no noun of its own.
LONGEST_MEASURE = 4
# Of a rate that names its own noun, these words name none.
NO_NOUN = re.compile(r"(?:其|总|整体|总体|平均|综合|年度|全年|目标|任务|指标|计划|绩效|均|分别|的|，|、)*")


def read_listed(scene: Scene) -> Claim | None:
    """A figure in a row of its like (分别下降14.2%、7.9%): what the figure before it is, of the noun whose turn it is."""
    previous = scene.earlier[-1] if scene.earlier else None
    draft, context = scene.draft, scene.context
    if previous is None or not context.listed or context.after or previous.unit_family != draft.unit_family:
        return None
    if scene.part and scene.part.says.get("kind") not in (None, previous.kind):
        return None
    host = scene.state.host if previous.host else None
    named = context.near.removesuffix(context.operator)
    alias = scene.alias() if named else None
    category = category_of(named, scene.reference) if previous.kind in (*MONEY_KINDS, "change", "change_rate") else None
    subject = alias.indicator_key if alias else (host.subject if host else None if named else previous.subject)
    if category:
        subject = (
            category if previous.kind in MONEY_KINDS else f"{(previous.subject or '').partition('.')[0]}.{category}"
        )
    surface = draft.surface if named else previous.surface
    sign = -1 if previous.kind in SIGNED and previous.value is not None and previous.value < 0 else 1
    return with_changes(
        scene.signed(sign), "listed", host, kind=previous.kind, role=previous.role, subject=subject, surface=surface
    )


def read_score(scene: Scene) -> Claim | None:
    """Points of the self-evaluation: the total, an item's, or an item's full marks."""
    data, context = grammar.load("grades"), scene.context
    framed = scene.part is not None and scene.part.says.get("kind") == "score"
    previous = scene.earlier[-1] if scene.earlier else None
    if grammar.pattern(data["other"]).search(context.words) and (previous is None or previous.kind != "score"):
        return None
    inside = context.bracket and previous is not None and previous.kind == "score" and context.words
    bare = not scene.draft.unit and (inside or grammar.pattern(data["bare"]).search(context.words))
    if not framed and not bare and scene.draft.unit_family != "score":
        return None
    role = scene.part.says["role"] if framed and scene.part else _score_role(scene, data["scores"])
    full = scene.state.score_host
    deducted = scene.part is not None and "sign" in scene.part.says
    if role == "item" and not deducted and grammar.pattern(data["whole"]).search(context.words):
        role = "self"
    if (
        role == "item"
        and not deducted
        and (full is None or full.value == WHOLE)
        and grammar.pattern(data["total"]).search(context.words)
    ):
        role = "self"
    own = noun_of(grammar.pattern(grammar.load("names")["score_clutter"]).sub("", context.words), "")
    here = scene.state.sentence
    if role == "full" and context.before.startswith("(") and here and here[-1].kind == "score":
        surface = here[-1].surface
    elif deducted and not own and scene.state.host in here:
        surface = scene.state.host.surface if scene.state.host else ""
    else:
        surface = full.surface if full and role == "item" and not (scene.named or own) else _scored(scene)
    sign = scene.part.says.get("sign", 1) if scene.part else 1
    return with_changes(scene.signed(sign), f"score.{role}", full, kind="score", role=role, surface=surface)


def _score_role(scene: Scene, patterns: dict[str, str]) -> str:
    """Full marks stand first in a bracket behind an item; points behind full marks are that item's."""
    words = scene.context.words
    if not words and scene.context.bracket == "" and scene.context.before.endswith("("):
        return "full"
    if scene.state.score_host is not None and not grammar.pattern(patterns["full"]).search(words):
        return "item"
    return next((role for role, pattern in patterns.items() if grammar.pattern(pattern).search(words)), "item")


def _scored(scene: Scene) -> str:
    """The item that points are given for: the noun before them, else the heading they stand under."""
    clutter = grammar.pattern(grammar.load("names")["score_clutter"])
    clauses = (
        [scene.named] if scene.named else re.split("[，,(:;；。、]", LIST_NUMBER.sub("", scene.context.sentence_before))
    )
    nouns = [noun_of(clutter.sub("", clause), "") for clause in reversed(clauses) if not re.search(r"\d", clause)]
    nearest = [noun for noun in nouns[:2] if noun]
    return nearest[0] if nearest else scene.heading or next((noun for noun in nouns if noun), "")


def read_rank(scene: Scene) -> Claim | None:
    """A rank among others (排全市第2位): of the figure before it."""
    if scene.draft.kind != "rank":
        return None
    host = scene.state.host
    own = noun_of(grammar.pattern(grammar.load("names")["rank_clutter"]).sub("", scene.context.words), "")
    known = {"subject": host.subject, "surface": host.surface} if host and len(own) <= LONGEST_MEASURE else {}
    return with_changes(scene.draft, "rank", host, kind="indicator_rank", role="actual", **known)


def read_completion(scene: Scene) -> Claim | None:
    """A completion rate: of the figure before it, or of the noun that it names itself (签约任务完成率)."""
    if scene.draft.unit_family not in RATIOS:
        return None
    kind = scene.part.says.get("kind") if scene.part else None
    if kind == "completion_rate":
        return _completion(scene, scene.part.id if scene.part else "")
    near = scene.context.words
    rate = grammar.best_of("money", "rates", near)
    host = scene.state.host
    if (
        host is not None
        and host.unit_family not in RATIOS
        and grammar.pattern(grammar.load("names")["done"]).search(near)
    ):
        return _completion(scene, "rate.done")
    of_target = near == "的" and scene.state.host is not None and scene.state.host.role == "target"
    if not of_target and not (rate and rate.id == "rate.completion"):
        return None
    named = RATE_WORD.search(near)
    if (
        named
        and not of_target
        and not scene.context.turned
        and (_is_named_rate(scene) or not _is_rate_of_host(scene, named["noun"]))
    ):
        return None
    return _completion(scene, "rate.completion")


def _completion(scene: Scene, rule: str) -> Claim:
    host = next((c for c in scene.earlier if scene.part and c.number == scene.part.host), None) or _actual_of(scene)
    host = _actual_of_target(scene, host)
    known = {"subject": host.subject, "surface": host.surface} if host else {}
    return with_changes(scene.draft, rule, host, kind="completion_rate", role="stated", **known)


def _is_named_rate(scene: Scene) -> bool:
    """Whether 完成率 or the like is part of an indicator's own name (重点工作完成率)."""
    alias = scene.alias()
    return alias is not None and grammar.best_of("money", "rates", alias.surface) is not None


def _is_rate_of_host(scene: Scene, noun: str) -> bool:
    """Whether the rate's own words name nothing else than the figure before it."""
    return NO_NOUN.fullmatch(noun) is not None or noun_of(noun, "") in ("", getattr(scene.state.host, "surface", None))


def _actual_of(scene: Scene) -> Claim | None:
    """The actual a completion rate belongs to: of the same indicator when its target stands between."""
    return _actual_of_target(scene, scene.state.host)


def _actual_of_target(scene: Scene, host: Claim | None) -> Claim | None:
    if host is None or host.role != "target":
        return host
    same = (
        claim
        for claim in reversed(scene.earlier)
        if claim.kind == "indicator" and (claim.subject, claim.surface) == (host.subject, host.surface)
    )
    return next((claim for claim in same if claim.role == "actual"), host)


def read_growth(scene: Scene) -> Claim | None:
    """By how much an indicator grew or fell, in percent or percentage points."""
    change = scene.change
    if change is None or not (scene.draft.unit_family in RATIOS or scene.context.compares_years):
        return None
    alias, host = scene.alias(any_family=True), scene.state.host
    if host is not None and any(rule.startswith("frame.") for rule in host.rule_ids):
        host = _actual_of(scene)
    noun = (
        noun_of(scene.words_before_change, "")
        if scene.context.near.startswith(scene.context.words)
        else scene.draft.surface
    )
    own = alias is not None or _names_other(noun, host)
    role, rule = role_of(scene)
    if (
        host
        and rule not in grammar.load("roles")["carried"]
        and not scene.is_future
        and not (scene.part and "role" in scene.part.says)
    ):
        role, rule = host.role, "role.as_host"
    grown = with_changes(
        scene.signed(change.says["sign"]),
        change.id,
        None if own else host,
        kind="growth",
        role=role if role in ("target", "actual", "forecast") else "actual",
        subject=alias.indicator_key if alias else (host.subject if host and not own else None),
        surface=alias.surface if alias else host.surface if host and not noun else noun,
    )
    return with_changes(grown, rule)


def _names_other(noun: str, host: Claim | None) -> bool:
    """Whether a noun is one of its own and not what the figure before it counted."""
    dependent = grammar.pattern(grammar.load("names")["dependent"]).match(noun)
    if not noun or is_verb(noun) or dependent or len(noun) <= LONGEST_MEASURE - 1:
        return False
    return host is None or (noun not in host.surface and host.surface not in noun)


def read_context(scene: Scene) -> Claim | None:
    """Background that is no result of the year: staff, offices, prices per unit, averages."""
    data, draft, context = grammar.load("roles"), scene.draft, scene.context
    if scene.part and scene.part.says.get("kind") == "context":
        return with_changes(draft, scene.part.id, kind="context", role="context")
    per_head = draft.unit_family == "money" and grammar.pattern(data["per_head"]).search(context.words)
    if per_head or grammar.pattern(data["per_unit"]).search(context.words) or draft.unit_base.startswith("元/"):
        return with_changes(draft, "context.per_unit", kind="context", role="context")
    bound = draft.operator in data["bounds_are_targets"] or draft.unit_family in data["attribute_families"]
    condition = bound and ATTRIBUTE.match(context.after) is not None
    among = grammar.pattern(data["among"]).match(context.after)
    field = grammar.pattern(data["field"]).search(context.words) and draft.unit_family == "count"
    if (condition or among or field or context.leads) and role_of(scene)[1] != "role.target_behind":
        return with_changes(draft, "context.condition", kind="context", role="context")
    if scene.alias():
        return None
    host = scene.state.host
    part = host is not None and host.kind == "context" and host.unit_base == draft.unit_base
    if part and (context.words.startswith("其中") or context.bracket or _inherits(scene)):
        return with_changes(draft, "context.part", kind="context", role="context")
    words = context.near + context.after
    counted = draft.unit_family in data["context_families"] and not _is_work(scene)
    described = counted and context.section in data["context_sections"]
    if described or (counted and grammar.pattern(data["context"]).search(words)):
        return with_changes(
            draft, "context.described" if described else "context.words", kind="context", role="context"
        )
    return None


def _is_work(scene: Scene) -> bool:
    """Whether a verb of work or a target stands before the figure, so that it is no mere background."""
    role, rule = role_of(scene)
    return (
        role == "target"
        or begins_with_verb(scene.context.words)
        or rule in ("role.done_word", "role.label_actual", "role.label_target")
    )


def read_indicator(scene: Scene) -> Claim | None:
    """Any other measured thing: what its noun is, and whether the figure is a target, an actual or a forecast."""
    draft, host, data = scene.draft, scene.state.host, grammar.load("roles")
    alias = scene.alias()
    role, rule = _role_of_part(scene, alias)
    same = _same_as(scene)
    if same is None and alias is None and (rule == "role.target_behind" or _inherits(scene)):
        same = host if host is not None and host.unit_family == draft.unit_family else None
        same = (None if draft.surface else _last_alike(scene)) or same
    if same is not None:
        return with_changes(draft, rule, kind="indicator", role=role, subject=same.subject, surface=same.surface)
    if alias is None:
        draft = with_changes(draft, surface=_completed(draft.surface, host))
    if not draft.surface:
        return None
    if rule in data["carried"] and not scene.context.bracket:
        scene.state.role = role
    claim = with_changes(draft, rule, kind="indicator", role=role)
    if rule == data["by_default"]["id"]:
        claim = with_changes(claim, confidence=Decimal(data["by_default"]["confidence"]))
    if alias is None:
        return claim
    return with_changes(claim, f"alias.{alias.surface}", subject=alias.indicator_key, surface=alias.surface)


def _role_of_part(scene: Scene, alias: grammar.Alias | None) -> tuple[str, str]:
    """The role; a part (其中…) is one only of the figure before it in the same unit, and no known indicator is."""
    role, rule = role_of(scene)
    host = scene.state.host
    wholes = [c for c in scene.state.sentence if c.kind == "indicator" and c.role != "component"]
    counted = scene.draft.unit_family in COUNTED
    whole = any(c.unit_base == scene.draft.unit_base or (counted and c.unit_family in COUNTED) for c in wholes[-1:])
    if role == "component" and scene.part is None and (alias or not whole):
        return ("actual", f"{rule}.none") if host is None or host.role != "target" else ("target", f"{rule}.none")
    return role, rule


def _completed(noun: str, host: Claim | None) -> str:
    """A noun that does not stand alone, completed by that of the figure before it."""
    data = grammar.load("names")
    if host is None:
        return noun
    if not noun or grammar.pattern(data["generic"]).match(noun):
        return host.surface
    if grammar.pattern(data["dependent"]).match(noun) and not host.surface.endswith(noun):
        return grammar.pattern(data["measures"]).sub("", host.surface) + noun
    if is_verb(noun) and noun not in host.surface:
        return host.surface + noun
    return _with_level(noun, host)


def _with_level(noun: str, host: Claim | None) -> str:
    """A level that stands for a noun takes the noun of the figure before it."""
    levels = grammar.load("names")["levels"]
    if host is None or not re.fullmatch(levels, noun):
        return noun
    parts = re.split(f"(?:{levels})(?!.*(?:{levels}))", host.surface, maxsplit=1)
    return noun + parts[-1]


def _same_as(scene: Scene) -> Claim | None:
    """The claim that a frame says this figure is about as well."""
    start = scene.part.same if scene.part else None
    return next((claim for claim in reversed(scene.earlier) if claim.number == start), None)


def _last_alike(scene: Scene) -> Claim | None:
    """The last figure of the sentence in the same unit (58万亩、22.6万吨, 实际58.4万亩、23.17万吨)."""
    unit = scene.draft.unit_base
    here = [claim for claim in scene.state.sentence if claim.kind == "indicator" and unit and claim.unit_base == unit]
    return here[-1] if here else None


def _inherits(scene: Scene) -> bool:
    """Whether the words name no subject of their own, so that the figure is about what the last one was about."""
    pattern = grammar.pattern(grammar.load("roles")["inherits"])
    words = scene.context.near.removesuffix(scene.context.operator)
    return scene.state.host is not None and not scene.context.after and pattern.match(words) is not None


def role_of(scene: Scene) -> tuple[str, str]:
    """Role and the id of the rule that gave it. A frame beats wording, wording beats the section."""
    if scene.part and "role" in scene.part.says:
        return scene.part.says["role"], scene.part.id
    data, context = grammar.load("roles"), scene.context
    if scene.is_future:
        return "target", "role.later_year"
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
    if _is_bracket_part(scene):
        return "component", "role.bracket_part"
    if scene.state.role and not (scene.state.role == "target" and _begins_anew(scene)):
        return scene.state.role, "role.carried"
    if context.section == "targets":
        return ("actual", "role.outcomes_in_targets") if context.outcomes else ("target", "role.section_targets")
    if context.section in data["outcome_sections"]:
        return "actual", "role.section_results"
    return data["by_default"]["role"], data["by_default"]["id"]


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
