"""Amounts of the department's own money: which budget, income, expenditure or balance a figure of the narrative is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.names import category_of, noun_of, without_categories
from ingest.reading.scene import Scene, with_changes

TOTAL = "total"


@dataclass(frozen=True)
class Measure:
    """What the words before an amount make of it (`money.yaml`)."""

    id: str
    kind: str
    role: str


def read_money(scene: Scene) -> Claim | None:
    """An amount of budget, income, expenditure or balance, a move of the budget, or a change of an amount."""
    if scene.draft.unit_family != "money":
        return None
    return _changed_amount(scene) or _adjustment(scene) or _amount(scene)


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
    return bool(scene.alias() or (noun and not category_of(words, scene.reference) and not _measure_in(words, scene)))


def _ends_with_rate(scene: Scene) -> bool:
    """Whether the rate is the department's own: not a part of an indicator's name."""
    alias = scene.alias()
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
    last = scene.earlier[-1] if scene.earlier else None
    if not category and last is not None and last.kind == "expenditure" and last.subject is None:
        return with_changes(scene.draft, rule, last, kind="execution_rate", role="stated", surface=last.surface)
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
    compared = _base_of(scene.context.before) or (scene.state.money_host and told)
    return _changed(scene, change, "change") if change and compared else None


def _framed_change(scene: Scene) -> Claim:
    """A change that a frame tells whole (超出年初预算346万元), of the amount before it."""
    says, host = (scene.part.says, scene.state.money_host) if scene.part else ({}, None)
    subject = f"{host.kind}.{host.subject}" if host else None
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
    host = None if measure else scene.state.money_host
    if measure is None and host is None:
        return None
    base = _base_of(scene.context.before) or _base_of(scene.context.sentence_before)
    told = base is not None or host is None or host.role != "adjusted"
    role = base.says["role"] if base else "vs_prior_year" if told else "vs_initial_budget"
    previous = scene.earlier[-1] if scene.earlier else None
    if kind == "change_rate" and previous is not None and previous.kind == "change":
        role = previous.role
    category = category_of(scene.context.near, scene.reference)
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
    near, state = scene.context.near, scene.state
    category = category_of(near, scene.reference)
    measure = _framed(scene) or _measure_in(without_categories(near, scene.reference) if state.measure else near, scene)
    measure = measure or _measure_in(without_categories(scene.context.before, scene.reference), scene)
    host = state.money_host
    if measure is None and host is not None and scene.context.is_compared:
        return with_changes(scene.draft, "money.compared", kind=host.kind, role=host.role, subject=host.subject)
    if category is None and measure is not None and _is_of_project(scene):
        named = scene.draft.surface if measure.role == "adjusted" else scene.earlier[-1].surface
        return with_changes(scene.draft, measure.id, kind=measure.kind, role=measure.role, surface=named)
    if category in grammar.load("money")["balances"]:
        return with_changes(scene.draft, "money.balance", kind="balance", role="actual", subject=category)
    if measure is None and (category is None or state.measure is None or scene.alias()):
        return None
    if measure is None or not scene.context.is_compared:
        state.measure = measure or state.measure
    state.category = category or _carried_category(scene)
    decided = measure or state.measure
    assert decided is not None
    return with_changes(scene.draft, decided.id, kind=decided.kind, role=decided.role, subject=state.category)


def _framed(scene: Scene) -> Measure | None:
    """What a frame makes of the amount."""
    says = scene.part.says if scene.part else {}
    if scene.part is None or says.get("kind") not in ("budget", "expenditure", "income"):
        return None
    return Measure(scene.part.id, says["kind"], says["role"])


def _is_of_project(scene: Scene) -> bool:
    """Whether the amount is of a project or fund that the sentence has named, and not of the whole department."""
    host, whole = scene.state.host, grammar.named("money", "whole")
    named = host is not None and host.unit_family == "money" and host.sentence == scene.draft.sentence
    framed = scene.part is not None and scene.part.says.get("of_project", False)
    return (named or framed) and not whole.search(scene.context.words)


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
    found = []
    for index, row in enumerate(_rows()):
        if row.get("in_finance") and not scene.in_finance:
            continue
        for match in grammar.pattern(row["pattern"]).finditer(words):
            if match.end() > match.start():
                found.append((match.end(), match.end() - match.start(), -index))
    if not found:
        return None
    row = _rows()[-max(found)[2]]
    return Measure(row["id"], row["kind"], row["role"])


@cache
def _rows() -> list[dict[str, str]]:
    return list(grammar.load("money")["measures"])


def _base_of(words: str) -> grammar.Words | None:
    """What an amount is compared with: the base whose words stand last."""
    rows = grammar.words_of("money", "bases")
    found = [(words.rfind(word) + len(word), len(word), row) for row in rows for word in row.words if word in words]
    return max(found, key=lambda item: item[:2])[2] if found else None
