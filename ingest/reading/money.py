"""Amounts of the department's own money: which budget, income, expenditure or balance a figure of the narrative is."""

from __future__ import annotations

import re
from functools import cache

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.context import PART, Measure
from ingest.reading.names import category_of, noun_of, without_categories
from ingest.reading.projects import project_of
from ingest.reading.roles import role_of
from ingest.reading.scene import Scene, with_changes

TOTAL = "total"


def read_money(scene: Scene) -> Claim | None:
    """An amount of budget, income, expenditure or balance, a move of the budget, or a change of an amount."""
    if scene.draft.unit_family != "money" or _is_threshold(scene):
        return None
    return _changed_amount(scene) or _adjustment(scene) or _amount(scene)


def _is_threshold(scene: Scene) -> bool:
    """Whether the amount only says what the noun behind it is (500万元以上的重点项目)."""
    bound = scene.draft.operator in grammar.load("roles")["bounds_are_targets"]
    return bound and grammar.named("roles", "attribute").match(scene.context.after) is not None


def read_money_rate(scene: Scene) -> Claim | None:
    """Execution rates, shares of money, and growth of an amount of money, in percent."""
    if scene.draft.unit_family not in ("ratio", "multiple") or (scene.change and "百分点" in scene.draft.unit):
        return None
    return _framed_rate(scene) or _told_execution_rate(scene) or _growth(scene)


def _framed_rate(scene: Scene) -> Claim | None:
    kind = scene.part.says.get("kind") if scene.part else None
    if scene.part and kind == "execution_rate":
        return _execution_rate(scene, scene.part.id)
    if kind == "change_rate":
        return _framed_change(scene)
    return _share(scene) if kind == "share" else None


def _told_execution_rate(scene: Scene) -> Claim | None:
    """A rate that words call one of execution, or that follows one in a list of categories."""
    if scene.part and "kind" in scene.part.says:
        return None
    rate = grammar.best_of("money", "rates", scene.context.words)
    if rate and "of" in rate.says:
        subject = f"{rate.says['of']}.{category_of(scene.context.near, scene.reference) or TOTAL}"
        return with_changes(scene.draft, rate.id, kind=rate.says["kind"], role=rate.says["role"], subject=subject)
    if rate and rate.id == "rate.execution" and _ends_with_rate(scene):
        return _execution_rate(scene, scene.part.id if scene.part else rate.id)
    category = category_of(scene.context.near, scene.reference)
    bare = category or not noun_of(scene.context.words, "")
    follows = bool(scene.earlier) and scene.earlier[-1].kind == "execution_rate"
    return _execution_rate(scene, "rate.execution_listed") if bare and follows and not scene.change else None


def _growth(scene: Scene) -> Claim | None:
    """By how much in percent the amount before grew or fell."""
    change, previous = scene.change, scene.earlier[-1] if scene.earlier else None
    if change is None or _is_of_work(scene):
        return None
    if previous is not None and previous.kind == "change":
        signed = scene.signed(change.says["sign"])
        host = next((claim for claim in scene.earlier if claim.number == previous.host), None)
        return with_changes(signed, change.id, host, kind="change_rate", role=previous.role, subject=previous.subject)
    return _changed(scene, change, "change_rate") if scene.state.money_host and not scene.state.host else None


def _is_of_work(scene: Scene) -> bool:
    """Whether a growth names a noun of its own that is no category or measure of money."""
    words = scene.context.words
    noun = noun_of(scene.words_before_change, "")
    return bool(scene.alias or (noun and not category_of(words, scene.reference) and not _measure_in(words, scene)))


def _ends_with_rate(scene: Scene) -> bool:
    """Whether the rate is the department's own: not a part of an indicator's name."""
    alias = scene.alias
    return alias is None or grammar.best_of("money", "rates", alias.surface) is None


def _execution_rate(scene: Scene, rule: str) -> Claim:
    """A rate is about the category its words name, else about the amount it stands behind."""
    spent = scene.spent
    category = category_of(scene.context.near, scene.reference)
    host = scene.state.outer_money_host if ")" in scene.context.before else scene.state.money_host
    here = [claim for claim in spent.values() if claim.sentence == scene.draft.sentence]
    if scene.context.turned:
        host = scene.state.host
    elif category:
        host = spent.get(category)
    elif host is None or host not in here:
        host = max(here, key=lambda claim: claim.number) if here else spent.get(TOTAL)
    project = None if category or scene.context.turned else project_of(scene)
    if project:
        of_project = next((claim for claim in reversed(here) if claim.surface == project), None)
        return with_changes(scene.draft, rule, of_project, kind="execution_rate", role="stated", surface=project)
    subject = category or (host.subject if host else TOTAL)
    return with_changes(scene.draft, rule, host, kind="execution_rate", role="stated", subject=subject)


def _share(scene: Scene) -> Claim:
    """What part of a whole the figure before is: of money when that is money, else of the indicator."""
    host = scene.state.last
    words = scene.context.near.partition("占")[0]
    category, noun = category_of(words, scene.reference), noun_of(words, "")
    subject = category or (host.subject if host and not noun else None)
    surface = host.surface if host and not noun else noun
    rule = scene.part.id if scene.part else "frame.share"
    return with_changes(scene.draft, rule, host, kind="share", role="stated", subject=subject, surface=surface)


def _changed_amount(scene: Scene) -> Claim | None:
    if scene.part and scene.part.says.get("kind") == "change":
        return _framed_change(scene)
    change = scene.change
    told = scene.context.compares or scene.state.compared
    rest = _is_against_budget(scene) and not scene.context.words.startswith(tuple(grammar.load("money")["left_over"]))
    compared = _base_of(scene.context.before) or (scene.state.money_host and told) or rest
    return _changed(scene, change, "change") if change and compared else None


def _is_against_budget(scene: Scene) -> bool:
    """Whether budget and expenditure of one thing stand before (预算16万元, 实际11.83万元, 节约4.17万元)."""
    host = scene.state.money_host
    if host is None:
        return False
    alike = [c for c in scene.state.sentence if c.subject == host.subject and (c.subject or c.surface == host.surface)]
    return {"budget", "expenditure"} <= {claim.kind for claim in alike}


def _framed_change(scene: Scene) -> Claim:
    """A change that a frame tells whole (超出年初预算346万元), of the amount before it."""
    says, host = (scene.part.says, scene.state.money_host) if scene.part else ({}, None)
    measure = _measure_in(scene.context.near, scene)
    whole = f"{measure.kind if measure else 'expenditure'}.{TOTAL}"
    subject = f"{host.kind}.{host.subject}" if host else whole
    return with_changes(
        scene.signed(says["sign"]),
        scene.part.id if scene.part else "",
        host,
        kind=says["kind"],
        role=says["role"],
        subject=subject,
    )


def _changed(scene: Scene, change: grammar.Words, kind: str) -> Claim | None:
    measure = _measure_in(scene.context.near, scene)
    whole = scene.state.whole_money_host if grammar.named("money", "whole").search(scene.context.near) else None
    host = None if measure else whole or scene.state.money_host
    if measure is None and host is None:
        return None
    base = _base_of(scene.context.before) or _base_of(scene.context.sentence_before)
    told = base is not None or host is None or host.role != "adjusted"
    told = told and (scene.context.compares_years or not _is_against_budget(scene))
    role = base.says["role"] if base else "vs_prior_year" if told else "vs_initial_budget"
    previous = scene.earlier[-1] if scene.earlier else None
    if kind == "change_rate" and previous is not None and previous.kind == "change":
        role = previous.role
    category = category_of(scene.context.near, scene.reference)
    before = scene.state.money_host
    if measure and not category and before and before.sentence == scene.draft.sentence and before.kind == measure.kind:
        category = before.subject
    subject = f"{host.kind}.{host.subject}" if host else f"{measure.kind}.{category or TOTAL}" if measure else None
    signed = scene.signed(change.says["sign"])
    return with_changes(signed, change.id, host, kind=kind, role=role, subject=subject)


def _adjustment(scene: Scene) -> Claim | None:
    """A cut or an addition, where the sentence speaks of the budget."""
    found = grammar.best_of("money", "adjustments", scene.context.near)
    if found is None or not (scene.in_finance or scene.speaks_of("budget")):
        return None
    measure = _measure_in(scene.context.near, scene)
    if measure is not None and (measure.role == "adjusted" or measure.kind == "balance"):
        return None
    subject = category_of(scene.context.near, scene.reference) or TOTAL
    signed = scene.signed(found.says["sign"])
    return with_changes(signed, found.id, kind="budget", role="adjustment", subject=subject)


def _amount(scene: Scene) -> Claim | None:
    category, state = category_of(scene.context.near, scene.reference), scene.state
    measure, host = _told_measure(scene), state.money_host
    if measure is None and host is not None and _is_beside(scene, category):
        return with_changes(scene.draft, "money.compared", kind=host.kind, role=host.role, subject=host.subject)
    measure = measure or _item(scene, category)
    project = project_of(scene) if category is None and measure is not None else None
    if measure is not None and project:
        return with_changes(scene.draft, measure.id, kind=measure.kind, role=measure.role, surface=project)
    if category in grammar.load("money")["balances"]:
        return with_changes(scene.draft, "money.balance", kind="balance", role="actual", subject=category)
    is_sum = grammar.named("money", "sum").fullmatch(scene.context.words) is not None
    if measure is None and (state.measure is None or scene.alias or not (category or is_sum)):
        return _part_of_whole(scene)
    told_beside = scene.context.is_compared or (scene.part is not None and scene.part.says.get("beside", False))
    if measure is not None and not told_beside:
        state.measure = measure
    state.category = category or _carried_category(scene)
    decided = _stage_of_whole(measure or state.measure, scene)
    return with_changes(scene.draft, decided.id, kind=decided.kind, role=decided.role, subject=state.category)


def _told_measure(scene: Scene) -> Measure | None:
    """What a frame or words make of the amount: those next to it, else those since the figure before it."""
    near = scene.context.near
    if scene.state.measure:
        near = without_categories(near, scene.reference)
    since = grammar.named("context", "divided").split(scene.context.before.rpartition(PART)[2])[-1]
    return _framed(scene) or _measure_in(near, scene) or _measure_in(without_categories(since, scene.reference), scene)


def _is_beside(scene: Scene, category: str | None) -> bool:
    """Whether the amount only stands beside the one before it: compared with it, or the same a year earlier."""
    return scene.context.is_compared or (category is None and _is_of_prior_year(scene))


def _item(scene: Scene, category: str | None) -> Measure | None:
    """Outlay of its own kind needs no word for it (会议费2.10万元), unless the words set a target."""
    named = category in grammar.load("money")["outlays"] and scene.state.measure is None and not scene.alias
    return Measure("money.item", "expenditure", "actual") if named and role_of(scene)[0] != "target" else None


def _part_of_whole(scene: Scene) -> Claim | None:
    """An item of the amount before 其中, by its own name (其中: 病险水库除险加固4280万元)."""
    whole = scene.state.whole_money_host
    named = noun_of(scene.context.near, "")
    if whole is None or scene.alias or not named:
        return None
    opens = scene.context.label == PART or scene.context.words.startswith(PART)
    if not opens and scene.earlier[-1].kind not in (whole.kind, "share"):
        return None
    return with_changes(scene.draft, "money.part", whole, kind=whole.kind, role=whole.role, surface=named)


def _is_of_prior_year(scene: Scene) -> bool:
    """Whether the words name nothing but the year before (上年为41200元): the same amount a year earlier."""
    told = grammar.named("roles", "prior_year").search(scene.context.words)
    return told is not None and told.start() == 0 and scene.state.host is None


def _stage_of_whole(measure: Measure | None, scene: Scene) -> Measure:
    """A budget without a word of its stage is of the stage of the whole that it is a part of."""
    assert measure is not None
    whole = scene.state.whole_money_host
    told = grammar.named("money", "initial_stage").search(scene.context.near)
    if whole and (measure.kind, whole.kind, whole.role) == ("budget", "budget", "adjusted") and not told:
        return Measure(measure.id, measure.kind, whole.role)
    return measure


def _framed(scene: Scene) -> Measure | None:
    """What a frame makes of the amount."""
    says = scene.part.says if scene.part else {}
    if scene.part is None or says.get("kind") not in ("budget", "expenditure", "income"):
        return None
    return Measure(scene.part.id, says["kind"], says["role"])


def _carried_category(scene: Scene) -> str:
    """The category of the amount before in the same sentence, unless the words speak of the whole department."""
    host, whole = scene.state.money_host, grammar.named("money", "whole")
    same = host is not None and host.sentence == scene.draft.sentence and not whole.search(scene.context.words)
    if same and host and host.subject:
        return host.subject
    about = category_of(scene.context.lead, scene.reference) or category_of(scene.heading, scene.reference)
    is_item = about in grammar.load("money")["items"] and not whole.search(scene.context.words)
    return about if about and is_item else TOTAL


def _measure_in(words: str, scene: Scene) -> Measure | None:
    """Of all measures in the words the one that ends last; of those that end alike, the longest."""
    words = grammar.named("money", "comparison").sub("□", words.removesuffix(scene.context.operator))
    found: list[tuple[int, int, int]] = []
    for index, (pattern, in_finance, _) in enumerate(_measures()):
        matches = [match.span() for match in pattern.finditer(words)]
        if matches and (not in_finance or scene.in_finance):
            found += [(end, end - start, -index) for start, end in matches if end > start]
    return _measures()[-max(found)[2]][2] if found else None


@cache
def _measures() -> tuple[tuple[re.Pattern[str], bool, Measure], ...]:
    """Pattern, whether it is believed only where the department's money is told of, what it makes of an amount."""
    return tuple(
        (re.compile(row["pattern"]), row.get("in_finance", False), Measure(row["id"], row["kind"], row["role"]))
        for row in grammar.load("money")["measures"]
    )


def _base_of(words: str) -> grammar.Words | None:
    """What an amount is compared with: the base whose words stand last."""
    rows = grammar.words_of("money", "bases")
    found = [(words.rfind(word) + len(word), len(word), row) for row in rows for word in row.words if word in words]
    named = list(grammar.named("money", "year_compared").finditer(words))
    if named:
        prior = next(row for row in rows if row.id == "base.prior_year")
        found.append((named[-1].end(), len(named[-1][0]), prior))
    return max(found, key=lambda item: item[:2])[2] if found else None
