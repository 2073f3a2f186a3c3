"""Identities of what was done: completion rates, the year that growth starts from, wholes with their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.checking.identity import Identity, identity_of
from ingest.checking.interval import ONE, Interval, stated, stated_rate
from ingest.checking.money_identities import total_of
from ingest.checking.pairing import breakdowns, host_of, target_for
from ingest.reading.claims import Claim


def outcome_identities(claims: Sequence[Claim]) -> Iterator[Identity]:
    """All identities of outcomes; `claims` have a value."""
    yield from _completion_rates(claims)
    yield from _growth_bases(claims)
    yield from _parts(claims)


def base_of(host: Claim, growth: Claim) -> Interval:
    """The prior year's value that a figure and its growth lead back to; growth must be above -100 %."""
    return stated(host) / (ONE + stated(growth))


def has_base(growth: Claim) -> bool:
    """Whether a growth leads back to a prior year at all: it did not fall by everything."""
    return (ONE + stated(growth)).low > 0


def growths_of(claims: Sequence[Claim]) -> list[tuple[Claim, Claim]]:
    """Each growth that leads back to a prior year, as (figure, its growth)."""
    pairs = ((host_of(claim, claims), claim) for claim in claims if claim.kind == "growth" and has_base(claim))
    return [(host, growth) for host, growth in pairs if host is not None and host.kind == "indicator"]


def targets_with_actuals(claims: Sequence[Claim]) -> list[tuple[Claim, Claim, Claim, Claim]]:
    """Each target with its growth beside the last actual of its indicator with its own growth."""
    pairs = growths_of(claims)
    last = {(actual.subject, actual.unit_base): (actual, growth) for actual, growth in pairs if actual.role == "actual"}
    targets = [(target, growth) for target, growth in pairs if target.role == "target" and target.subject]
    return [
        (target, growth, *last[target.subject, target.unit_base])
        for target, growth in targets
        if (target.subject, target.unit_base) in last
    ]


def _completion_rates(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Completion rate = actual / target."""
    for rate in claims:
        if rate.kind != "completion_rate":
            continue
        actual, target = host_of(rate, claims), target_for(rate, claims)
        if actual is not None and target is not None and _has_a_rate(actual, target, rate):
            taking_part = (rate, actual, target)
            yield identity_of("completion_rate", taking_part, stated_rate(rate), stated(actual) / stated(target))


def _has_a_rate(actual: Claim, target: Claim, rate: Claim) -> bool:
    """Whether the rate must be the quotient: a limit has none, and 100 % may be all that a lower bound can earn."""
    capped = target.operator in (">=", ">") and rate.value_base == 1 and stated(actual).high >= stated(target).low
    return target.operator not in ("~", "<", "<=") and not capped


def _growth_bases(claims: Sequence[Claim]) -> Iterator[Identity]:
    """Target and actual, each with its growth, must lead back to the same prior year. Only agreement is evidence."""
    for target, target_growth, actual, actual_growth in targets_with_actuals(claims):
        bases = base_of(target, target_growth), base_of(actual, actual_growth)
        if target.operator == "=" and bases[0].meets(bases[1]):
            yield identity_of("growth_base", (target, target_growth, actual, actual_growth), *bases)


def _parts(claims: Sequence[Claim]) -> Iterator[Identity]:
    """A whole = the parts that its sentence names. Only agreement is evidence: 其中 need not name every part."""
    for whole, parts in breakdowns(claims):
        added = total_of(parts)
        if len(parts) > 1 and stated(whole).meets(added):
            yield identity_of("parts", (whole, *parts), stated(whole), added)
