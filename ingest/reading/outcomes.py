"""Results of the department's work: indicators, their growth, completion rates and ranks."""

from __future__ import annotations

from decimal import Decimal

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.context import since_last_mark
from ingest.reading.names import category_of, is_verb, noun_of
from ingest.reading.roles import role_of
from ingest.reading.scene import Scene, with_changes
from ingest.reading.subjects import completed, inherits, last_alike, measured_as, noun_of_money, same_as, topic_of

MONEY_KINDS = ("budget", "income", "expenditure", "balance", "execution_rate")
RATIOS = ("ratio", "multiple")
COUNTED = ("count", "person")
# What a rank orders by (总量, 增幅) is no noun of its own.
LONGEST_MEASURE = 4


def read_listed(scene: Scene) -> Claim | None:
    """A figure in a row of its like (分别下降14.2%、7.9%): what the one before it is, of the noun whose turn it is."""
    previous = scene.earlier[-1] if scene.earlier else None
    draft, context = scene.draft, scene.context
    if previous is None or not context.listed or context.after or previous.unit_family != draft.unit_family:
        return None
    if context.operator and draft.operator != previous.operator:
        return None
    if scene.part and scene.part.says.get("kind") not in (None, previous.kind):
        return None
    host = scene.state.host if previous.host else None
    named = context.near.removesuffix(context.operator)
    alias = scene.alias if named else None
    category = category_of(named, scene.reference) if previous.kind in (*MONEY_KINDS, "change", "change_rate") else None
    subject = alias.indicator_key if alias else (host.subject if host else None if named else previous.subject)
    if category:
        subject = (
            category if previous.kind in MONEY_KINDS else f"{(previous.subject or '').partition('.')[0]}.{category}"
        )
    surface = draft.surface if named else previous.surface
    move = next((row for row in grammar.words_of("money", "changes") if row.id in previous.rule_ids), None)
    moved = with_changes(scene.signed(move.says["sign"] if move else 1), move.id if move else "")
    return with_changes(moved, "listed", host, kind=previous.kind, role=previous.role, subject=subject, surface=surface)


def read_rank(scene: Scene) -> Claim | None:
    """A rank among others (排全市第2位): of the figure before it."""
    if scene.draft.kind != "rank":
        return None
    host = scene.state.host or scene.state.last
    clause = grammar.named("names", "ranked_in").match(since_last_mark(scene.context.sentence_before))
    words = clause["noun"] if clause else grammar.named("names", "rank_clutter").sub("", scene.context.words)
    own = noun_of(words, "")
    if clause and len(own) > LONGEST_MEASURE:
        return with_changes(scene.draft, "rank", kind="indicator_rank", role="actual", surface=own)
    of_host = host is not None and len(own) <= LONGEST_MEASURE
    known = {"subject": host.subject, "surface": host.surface} if host and of_host else {"surface": own}
    return with_changes(scene.draft, "rank", host, kind="indicator_rank", role="actual", **known)


def read_completion(scene: Scene) -> Claim | None:
    """A completion rate: of the figure before it, or of the noun that it names itself (签约任务完成率)."""
    if scene.draft.unit_family not in RATIOS:
        return None
    if scene.part and scene.part.says.get("kind") == "completion_rate":
        return _completion(scene, scene.part.id)
    near = scene.context.words or scene.context.label
    if grammar.named("names", "task_done").search(near):
        return with_changes(scene.draft, "rate.task_done", kind="completion_rate", role="stated")
    rule = _told_completion(scene, near)
    return _completion(scene, rule) if rule else None


def _told_completion(scene: Scene, near: str) -> str:
    """The rule by which the words next to a percentage make it a completion rate; empty when they do not."""
    host = scene.state.host
    if host is not None and host.unit_family not in RATIOS and grammar.named("names", "done").search(near):
        return "rate.done"
    of_target = near == "的" and host is not None and host.role == "target"
    rate = grammar.best_of("money", "rates", near)
    told = rate is not None and rate.id == "rate.completion" and not _is_own_rate(scene, near)
    return "rate.completion" if of_target or told else ""


def _is_own_rate(scene: Scene, near: str) -> bool:
    """Whether the rate is an indicator by itself: it bears a noun that the figure before it does not."""
    named = grammar.named("names", "rate_noun").match(near)
    if named is None or scene.context.turned:
        return False
    return _is_named_rate(scene) or not _is_rate_of_host(scene, named["noun"])


def _completion(scene: Scene, rule: str) -> Claim:
    told = next((c for c in scene.earlier if scene.part and c.number == scene.part.host), None)
    host = (None if scene.context.turned else told) or _actual_of(scene)
    host = _actual_of_target(scene, host)
    known = {"subject": host.subject, "surface": host.surface} if host else {}
    return with_changes(scene.draft, rule, host, kind="completion_rate", role="stated", **known)


def _is_named_rate(scene: Scene) -> bool:
    """Whether 完成率 or the like is part of an indicator's own name (重点工作完成率)."""
    alias = scene.alias
    return alias is not None and grammar.best_of("money", "rates", alias.surface) is not None


def _is_rate_of_host(scene: Scene, noun: str) -> bool:
    """Whether the rate's own words name nothing else than the figure before it."""
    return grammar.named("names", "no_noun").fullmatch(noun) is not None or noun_of(noun, "") in (
        "",
        getattr(scene.state.host, "surface", None),
    )


def _actual_of(scene: Scene) -> Claim | None:
    """The actual a completion rate belongs to: of the same indicator when its target stands between."""
    return _actual_of_target(scene, scene.state.host)


def _actual_of_target(scene: Scene, host: Claim | None) -> Claim | None:
    if host is not None and host.role == "component":
        return next(
            (c for c in reversed(scene.state.sentence) if c.kind == "indicator" and c.role != "component"), host
        )
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
    alias, rate = scene.alias_of_any_family, _rate_before(scene)
    host = rate or scene.state.host
    if rate is None and host is not None and any(rule.startswith("frame.") for rule in host.rule_ids):
        host = _actual_of(scene)
    noun = (
        noun_of(scene.words_before_change, "")
        if scene.context.near.startswith(scene.context.words)
        else scene.draft.surface
    )
    own = alias is not None or _names_other(noun, host)
    role, rule = _role_of_growth(scene, host)
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


def _role_of_growth(scene: Scene, host: Claim | None) -> tuple[str, str]:
    """A growth is a target or an actual as the figure before it is, unless its words or a later year say otherwise."""
    role, rule = role_of(scene)
    told = rule in (*grammar.load("roles")["carried"], "role.target_behind") or scene.is_future
    framed = scene.part is not None and "role" in scene.part.says
    return (role, rule) if host is None or told or framed else (host.role, "role.as_host")


def _rate_before(scene: Scene) -> Claim | None:
    """The rate right before, which percentage points are of (执行率96.65%, 比上年提高2.1个百分点)."""
    last = scene.earlier[-1] if scene.earlier else None
    points = "百分点" in scene.draft.unit and last is not None and last.sentence == scene.draft.sentence
    return last if points and last and last.kind in ("share", "execution_rate") else None


def _names_other(noun: str, host: Claim | None) -> bool:
    """Whether a noun is one of its own and not what the figure before it counted."""
    dependent = grammar.named("names", "dependent").match(noun)
    if not noun or is_verb(noun) or dependent or len(noun) <= LONGEST_MEASURE - 1:
        return False
    return host is None or (noun not in host.surface and host.surface not in noun)


def read_indicator(scene: Scene) -> Claim | None:
    """Any other measured thing: what its noun is, and whether the figure is a target, an actual or a forecast."""
    draft, host, data = scene.draft, scene.state.host, grammar.load("roles")
    alias = scene.alias
    role, rule = _role_of_part(scene, alias)
    same = same_as(scene)
    behind = rule == "role.target_behind" and not scene.context.before.startswith("、")
    if same is None and alias is None and (behind or inherits(scene)):
        same = host if host is not None and host.unit_family == draft.unit_family else None
        same = (None if draft.surface else last_alike(scene)) or same
    if same is not None:
        return with_changes(draft, rule, kind="indicator", role=role, subject=same.subject, surface=same.surface)
    if alias is None:
        about = topic_of(scene) or (host.surface if host else "")
        draft = with_changes(draft, surface=noun_of_money(scene) or completed(draft.surface, about))
    if not draft.surface:
        return None
    if role == "component" and alias is None:
        draft = with_changes(draft, surface=measured_as(draft.surface, host))
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
    whole = any(c.unit_base == scene.draft.unit_base or (counted and c.unit_family in COUNTED) for c in wholes)
    if role == "component" and scene.part is None and (alias or not whole or scene.draft.unit_family == "ratio"):
        return ("actual", f"{rule}.none") if host is None or host.role != "target" else ("target", f"{rule}.none")
    return role, rule
