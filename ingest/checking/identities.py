"""Identities between the figures of one report. A figure is verified when one of them holds and none fails.

An identity compares intervals, so that rounding is never an error; see `interval.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.checking.interval import Interval, stated, stated_rate
from ingest.reading.claims import Claim

ONE = Interval(Decimal(1), Decimal(1))


@dataclass(frozen=True)
class Identity:
    """One recomputed identity: the claims that take part, whether it holds, what is stated and what comes out."""

    kind: str
    claims: tuple[Claim, ...]
    holds: bool
    stated: Decimal
    recomputed: Decimal


def identities_of(claims: Sequence[Claim], parents: Mapping[str, str]) -> list[Identity]:
    """All identities that the claims allow. `parents` gives each budget category the category it is part of."""
    figures = [claim for claim in claims if claim.value_base is not None]
    found = [
        *_sums(figures, parents),
        *_adjustments(figures),
        *_execution_rates(figures),
        *_completion_rates(figures),
        *_growth_bases(figures),
        *_changes(figures),
    ]
    return found


def verified(claims: Sequence[Claim], identities: Sequence[Identity], extra: Sequence[int] = ()) -> list[Claim]:
    """The claims with what the identities say of them; `extra` are numbers of claims verified in another way.

    A figure that restates a verified one alike is verified with it.
    """
    held = {claim.number for identity in identities if identity.holds for claim in identity.claims} | set(extra)
    failed = {claim.number for identity in identities if not identity.holds for claim in identity.claims}
    proven = {_statement(claim) for claim in claims if claim.number in held}
    held |= {claim.number for claim in claims if claim.subject and _statement(claim) in proven}
    return [
        claim.known(
            "contradicted" if claim.number in failed - held else "verified" if claim.number in held else "unverifiable"
        )
        for claim in claims
    ]


def _statement(claim: Claim) -> tuple[object, ...]:
    return (claim.kind, claim.subject, claim.role, claim.operator, claim.value_base, claim.unit_base, claim.period_end)


def amounts(claims: Sequence[Claim], kind: str, role: str) -> dict[str, Claim]:
    """The first amount of each category for one measure, such as the adjusted budget."""
    found: dict[str, Claim] = {}
    for claim in claims:
        if claim.kind == kind and claim.role == role and claim.subject and claim.operator == "=":
            found.setdefault(claim.subject, claim)
    return found


def parts_of(amounts_by_category: Mapping[str, Claim], parents: Mapping[str, str]) -> list[Claim]:
    """Basic expenditure and its counterpart: projects, or the kinds of projects where those are given instead."""
    if "basic" not in amounts_by_category:
        return []
    kinds = [claim for category, claim in amounts_by_category.items() if parents.get(category) == "project"]
    projects = [amounts_by_category["project"]] if "project" in amounts_by_category else kinds
    return [amounts_by_category["basic"], *projects] if projects else []


def target_for(rate: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The target that a completion rate is measured against: one of the same section before others, the last before
    earlier ones; of a figure's own targets those that make the rate true come first, since the writer had one in mind.
    """
    actual = host_of(rate, claims)
    if actual is None or actual.subject is None:
        return None
    candidates = [
        claim
        for claim in claims
        if claim.kind == "indicator"
        and claim.role == "target"
        and claim.subject == actual.subject
        and claim.unit_base == actual.unit_base
        and claim.value_base
        and claim.value_high_base is None
    ]
    section = _chapter(rate)
    return max(
        candidates,
        key=lambda claim: (_completes(actual, claim, rate), _chapter(claim) == section, claim.span_start),
        default=None,
    )


def host_of(claim: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The claim that a rate or a growth belongs to."""
    return next((other for other in claims if other.number == claim.host), None)


def _chapter(claim: Claim) -> str:
    return " > ".join(claim.section_path.split(" > ")[:2])


def _completes(actual: Claim, target: Claim, rate: Claim) -> bool:
    return (stated(actual) / stated(target)).meets(stated_rate(rate)) if target.value_base else False


def _identity(kind: str, taking_part: Sequence[Claim], left: Interval, right: Interval) -> Identity:
    middle = (right.low + right.high) / 2
    return Identity(kind, tuple(taking_part), left.meets(right), (left.low + left.high) / 2, middle)


def _sums(claims: Sequence[Claim], parents: Mapping[str, str]) -> Iterator[Identity]:
    """Total = sum of its parts, for each measure; and projects = sum of the kinds of projects."""
    for kind, role in (("budget", "initial"), ("budget", "adjusted"), ("expenditure", "actual")):
        found = amounts(claims, kind, role)
        parts = parts_of(found, parents)
        if "total" in found and parts:
            yield _sum(found["total"], parts)
        children = [claim for category, claim in found.items() if parents.get(category) == "project"]
        if "project" in found and len(children) > 1:
            yield _sum(found["project"], children)


def _sum(total: Claim, parts: Sequence[Claim]) -> Identity:
    added = stated(parts[0])
    for part in parts[1:]:
        added = added + stated(part)
    return _identity("sum", (total, *parts), stated(total), added)


def _adjustments(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Initial + additions - cuts = adjusted. Restated adjustments count once."""
    initial, adjusted = (amounts(claims, "budget", role).get("total") for role in ("initial", "adjusted"))
    moves = {claim.value_base: claim for claim in claims if claim.kind == "budget" and claim.role == "adjustment"}
    if initial is None or adjusted is None or not moves:
        return
    added = stated(initial)
    for move in moves.values():
        added = added + stated(move)
    yield _identity("adjustment", (adjusted, initial, *moves.values()), stated(adjusted), added)


def _execution_rates(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Execution rate = expenditure / adjusted budget, never over the initial one (财预, MOF form: B/A)."""
    spent, adjusted = amounts(claims, "expenditure", "actual"), amounts(claims, "budget", "adjusted")
    for rate in claims:
        if rate.kind != "execution_rate" or rate.subject not in spent or rate.subject not in adjusted:
            continue
        over = adjusted[rate.subject]
        if over.value_base:
            taking_part = (rate, spent[rate.subject], over)
            yield _identity(
                "execution_rate", taking_part, stated_rate(rate), stated(spent[rate.subject]) / stated(over)
            )


def _completion_rates(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Completion rate = actual / target."""
    for rate in claims:
        if rate.kind != "completion_rate":
            continue
        actual, target = host_of(rate, claims), target_for(rate, claims)
        if actual is not None and target is not None and target.operator != "~":
            taking_part = (rate, actual, target)
            yield _identity("completion_rate", taking_part, stated_rate(rate), stated(actual) / stated(target))


def _growth_bases(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Target and actual, each with its growth, must lead back to the same prior year. Only agreement is evidence."""
    growths = [(claim, host_of(claim, claims)) for claim in claims if claim.kind == "growth"]
    for target_growth, target in growths:
        for actual_growth, actual in growths:
            if target is None or actual is None or (target.role, actual.role) != ("target", "actual"):
                continue
            if target.subject is None or target.subject != actual.subject or target.operator != "=":
                continue
            bases = [
                stated(host) / (ONE + stated(growth))
                for host, growth in ((target, target_growth), (actual, actual_growth))
            ]
            if bases[0].meets(bases[1]):
                yield _identity("growth_base", (target, target_growth, actual, actual_growth), *bases)


def _changes(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Rate of change = change / (value - change); change against the initial budget = value - initial budget."""
    initial = amounts(claims, "budget", "initial").get("total")
    for change in claims:
        host = host_of(change, claims) if change.kind == "change" else None
        if host is None:
            continue
        before = stated(host) - stated(change)
        if change.role == "vs_initial_budget" and initial is not None:
            yield _identity("change_from_initial", (change, host, initial), stated(initial), before)
        rate = next((c for c in claims if c.kind == "change_rate" and c.number == change.number + 1), None)
        if rate is not None and rate.host == change.host and not before.low <= 0 <= before.high:
            yield _identity("change_rate", (rate, change, host), stated_rate(rate), stated(change) / before)
