"""Growth: the year it starts from, whether value and growth of a target fit each other, targets that were missed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, plain
from ingest.checking.interval import ONE, stated, stated_rate
from ingest.checking.observation import Observation, as_percent, figure, in_unit_of, observed
from ingest.checking.outcome_identities import base_of, growths_of
from ingest.checking.pairing import chapter_of
from ingest.reading.claims import Claim


def observe(case: Case) -> Iterator[Observation]:
    """What growths say of the year before and of each other."""
    pairs = [(host, growth) for host, growth in growths_of(case.claims) if host.value_base]
    yield from _bases(pairs)
    yield from _targets_against_the_base(pairs)
    yield from _directions(case)


def _bases(pairs: list[tuple[Claim, Claim]]) -> Iterator[Observation]:
    """The prior year that a figure and its growth lead back to; a bound leads nowhere."""
    for host, growth in pairs:
        if host.operator == growth.operator == "=":
            base = in_unit_of(host, base_of(host, growth))
            formula = f"{figure(host)}/{_factor(growth)}"
            yield observed("derived", "derived", (host, growth), None, base, formula)


def _targets_against_the_base(pairs: list[tuple[Claim, Claim]]) -> Iterator[Observation]:
    """The growth that a target means over the prior year that the actual leads back to."""
    for target, target_growth in pairs:
        for actual, actual_growth in pairs:
            one_indicator = target.subject and target.subject == actual.subject
            roles = (target.role, actual.role) == ("target", "actual")
            if not one_indicator or not roles or target.unit_base != actual.unit_base:
                continue
            meant = stated(target) / base_of(actual, actual_growth) - ONE
            verdict = "holds" if stated_rate(target_growth).meets(meant) else "conflict"
            formula = f"{figure(target)}/({figure(actual)}/{_factor(actual_growth)})-1"
            claims = (target, target_growth, actual, actual_growth)
            yield observed("base", verdict, claims, target_growth.value, as_percent(meant), formula)


def _directions(case: Case) -> Iterator[Observation]:
    """Actual growth against the target growth of the same indicator, that of its own section before others."""
    for actual in case.of_kind("growth", "actual"):
        targets = [c for c in case.of_kind("growth", "target") if c.subject and c.subject == actual.subject]
        section = chapter_of(actual)
        target = max(targets, key=lambda claim: (chapter_of(claim) == section, claim.span_start), default=None)
        if target is None or actual.value_base is None or target.value_base is None:
            continue
        verdict = "missed" if actual.value_base < target.value_base else "met"
        formula = f"{actual.value} / {target.value}"
        yield observed("direction", verdict, (target, actual), target.value, actual.value, formula)


def _factor(growth: Claim) -> str:
    return plain(1 + (growth.value_base or Decimal(0)))
