"""Equal figures of different indicators: one of them may have been copied from the other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from ingest.checking.case import Case
from ingest.checking.interval import COUNTED
from ingest.checking.observation import Observation, figure, observed, settings
from ingest.reading.claims import Claim


def observe(case: Case) -> Iterator[Observation]:
    """Equal figures in different units anywhere, and equal counts of outcomes in one section."""
    named = [c for c in case.of_kind("indicator") if c.subject and c.value and c.value_high is None]
    by_value: dict[Decimal, dict[tuple[object, ...], Claim]] = {}
    for claim in named:
        restated = (claim.subject, claim.unit_base, claim.section_path)
        by_value.setdefault(claim.value or Decimal(0), {}).setdefault(restated, claim)
    for value, claims in by_value.items():
        for one, other in combinations(claims.values(), 2):
            kind = _coincidence(one, other)
            if kind and significant_digits(value) >= int(settings()["thresholds"][f"{kind}_digits"]):
                yield observed(
                    kind, "suspect_copy", (one, other), one.value, other.value, f"{figure(one)}={figure(other)}"
                )


def significant_digits(value: Decimal) -> int:
    """How many digits a number has without zeros at either end: 406 has three, 2000 has one."""
    return len("".join(map(str, value.as_tuple().digits)).strip("0"))


def _coincidence(one: Claim, other: Claim) -> str:
    if one.subject == other.subject:
        return ""
    if one.unit_base != other.unit_base and one.unit_family != other.unit_family:
        return "collision"
    counted = one.unit_family in COUNTED and one.unit_family == other.unit_family
    beside = one.section_path == other.section_path and one.role == other.role == "actual"
    return "duplicate" if counted and beside else ""
