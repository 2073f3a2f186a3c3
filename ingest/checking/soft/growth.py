"""Growth: the year it starts from, whether value and growth of a target fit each other, targets that were missed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, plain
from ingest.checking.interval import ONE, stated, stated_rate
from ingest.checking.observation import Observation, as_percent, figure, in_unit_of, observed
from ingest.checking.outcome_identities import base_of, growths_of, targets_with_actuals
from ingest.checking.pairing import chapter_of
from ingest.reading.claims import Claim


def observe(case: Case) -> Iterator[Observation]:
    """What growths say of the year before and of each other."""
    yield from _bases(case)
    yield from _targets_against_the_base(case)
    yield from _directions(case)


def _bases(case: Case) -> Iterator[Observation]:
    """The prior year that a figure and its growth lead back to; a bound leads nowhere."""
    for host, growth in growths_of(case.claims):
        if host.operator == growth.operator == "=":
            base = in_unit_of(host, base_of(host, growth))
            formula = f"{figure(host)}/{_factor(growth)}"
            yield observed("derived", "derived", (host, growth), None, base, formula)


def _targets_against_the_base(case: Case) -> Iterator[Observation]:
    """The growth that a target means over the prior year that the actual leads back to."""
    for target, target_growth, actual, actual_growth in targets_with_actuals(case.claims):
        if not actual.value_base:
            continue
        meant = stated(target) / base_of(actual, actual_growth) - ONE
        verdict = "holds" if stated_rate(target_growth).meets(meant) else "conflict"
        formula = f"{figure(target)}/({figure(actual)}/{_factor(actual_growth)})-1"
        claims = (target, target_growth, actual, actual_growth)
        yield observed("base", verdict, claims, target_growth.value, as_percent(meant), formula)


def _directions(case: Case) -> Iterator[Observation]:
    """Actual growth against the target growth of the same indicator, that of its own section before others."""
    targets: dict[str | None, list[Claim]] = {}
    for claim in case.of_kind("growth", "target"):
        targets.setdefault(claim.subject, []).append(claim)
    for actual in case.of_kind("growth", "actual"):
        own = targets.get(actual.subject, []) if actual.subject else []
        section = chapter_of(actual)
        target = next((claim for claim in reversed(own) if chapter_of(claim) == section), own[-1] if own else None)
        if target is None or actual.value_base is None or target.value_base is None:
            continue
        verdict = "missed" if actual.value_base < target.value_base else "met"
        formula = f"{actual.value} / {target.value}"
        yield observed("direction", verdict, (target, actual), target.value, actual.value, formula)


def _factor(growth: Claim) -> str:
    return plain(1 + (growth.value_base or Decimal(0)))
