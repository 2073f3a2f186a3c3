"""B02: one indicator has one target. A target that changes between sections changes the completion rate."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ingest.checking.case import Case, Result, judged, plain
from ingest.checking.outcome_words import names_something_else
from ingest.checking.outcomes import is_of_the_year, is_single
from ingest.reading.claims import ORIGIN_FORM, Claim
from ingest.reading.names import core_of


def check(case: Case) -> Iterator[Result]:
    """Fails once for each indicator whose targets for the year differ in one unit; a range that holds the other does
    not. Rows of a form are of one indicator only where they bear one name.
    """
    groups: dict[tuple[str, ...], list[Claim]] = {}
    for claim in [*case.of_kind("indicator", "target"), *case.of_kind("growth", "target")]:
        if claim.subject and is_single(claim) and is_of_the_year(claim, case) and not names_something_else(claim):
            name = core_of(claim.surface) if claim.origin == ORIGIN_FORM else ""
            groups.setdefault((claim.kind, claim.subject, claim.unit_base, name), []).append(claim)
    failures = (
        Result("fail", claims, expected=values[0], found="、".join(values[1:]))
        for claims in groups.values()
        for values in [list(dict.fromkeys(f"{plain(claim.value)}{claim.unit}" for claim in claims))]
        if any(one.isdisjoint(other) for one, other in pairwise(_by_sentence(claims)))
    )
    yield from judged(failures, applies=any(len(claims) > 1 for claims in groups.values()))


def _by_sentence(claims: list[Claim]) -> list[set[object]]:
    """The values of each sentence: 确保80宗, 争取90宗 are one target and what may come on top."""
    found: dict[tuple[str, str], set[object]] = {}
    for claim in claims:
        found.setdefault((claim.section_path, claim.sentence), set()).add(claim.value_base)
    return list(found.values())
