"""Figures that a report states more than once and alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.checking.case import Case
from ingest.checking.money_identities import RESTATED
from ingest.checking.observation import Observation, figure, observed, settings
from ingest.checking.pairing import chapter_of
from ingest.reading.claims import Claim
from ingest.reading.names import core_of


def observe(case: Case) -> Iterator[Observation]:
    """How many amounts another chapter states again, and how many outcomes another section does."""
    yield from _observed(_amounts(case))
    yield from _observed(_outcomes(case))


def same_name(one: Claim, other: Claim) -> bool:
    """Whether two figures count the same thing: one indicator, or names of which one is the end of the other."""
    if one.subject or other.subject:
        return one.subject == other.subject
    names = sorted((core_of(one.surface), core_of(other.surface)), key=len)
    shared = names[0] == names[1] or len(names[0]) >= int(settings()["thresholds"]["shared_name"])
    return bool(names[0]) and shared and names[1].endswith(names[0])


def _amounts(case: Case) -> list[Sequence[Claim]]:
    groups: dict[tuple[object, ...], list[Claim]] = {}
    for claim in case.claims:
        if claim.kind in RESTATED and claim.subject and claim.value is not None:
            key = (claim.kind, claim.subject, claim.role, claim.period_end, claim.value_base)
            groups.setdefault(key, []).append(claim)
    return [claims for claims in groups.values() if len({chapter_of(claim) for claim in claims}) > 1]


def _outcomes(case: Case) -> list[Sequence[Claim]]:
    actuals = [claim for claim in case.of_kind("indicator", "actual") if claim.value is not None]
    values: dict[tuple[object, ...], dict[tuple[object, ...], Claim]] = {}
    found: list[Sequence[Claim]] = []
    for claim in actuals:
        alike = values.setdefault((claim.value_base, claim.unit_base), {})
        elsewhere = (c for c in alike.values() if c.section_path != claim.section_path and same_name(c, claim))
        earlier = next(elsewhere, None)
        if earlier is not None:
            found.append((earlier, claim))
        alike.setdefault((claim.subject, claim.surface, claim.section_path), claim)
    return found


def _observed(groups: list[Sequence[Claim]]) -> Iterator[Observation]:
    if groups:
        claims = [claim for group in groups for claim in group]
        formula = "、".join(figure(group[0]) for group in groups)
        yield observed("repeat", "holds", claims, None, len(groups), formula)
