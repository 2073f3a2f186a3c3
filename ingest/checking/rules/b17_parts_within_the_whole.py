"""B17: the parts that a sentence names make no more than the whole, and none of them is larger than it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, plain
from ingest.checking.interval import stated
from ingest.checking.money_identities import total_of
from ingest.checking.observation import Observation
from ingest.checking.outcome_words import named, quantity, says


def check(case: Case) -> Iterator[Result]:
    """Fails once for each whole that its parts exceed."""
    of_outcomes = [one for one in case.observed("sum") if one.claims[0].kind == "indicator"]
    subsets = case.observed("subset")
    sums = [one for one in of_outcomes if one.word == "fails" and _are_parts(one)]
    failures = [
        Result("fail", one.claims, quantity(one.claims[0]), _added(one), {"name": named(one.claims[0])}) for one in sums
    ]
    for one in case.observed("subset", "exceeds"):
        part, whole = one.claims
        failures.append(Result("fail", one.claims, quantity(whole), quantity(part), {"name": named(whole)}))
    yield from judged(failures, applies=of_outcomes or subsets)


def _added(one: Observation) -> str:
    return f"{one.formula}={plain(one.recomputed)}{one.claims[0].unit}"


def _are_parts(one: Observation) -> bool:
    """Whether these are parts of the whole: none is above it or may overlap; the first ones alone do not make it."""
    whole, *parts = one.claims
    if any(stated(part).low > stated(whole).high or says("overlapping", part.surface) for part in parts):
        return False
    return not any(stated(whole).meets(total_of(parts[:count])) for count in range(1, len(parts)))
