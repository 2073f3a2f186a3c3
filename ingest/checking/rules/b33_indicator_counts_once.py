"""B33: one indicator stands either among the outputs or among the benefits; scored twice it counts twice."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, says
from ingest.reading.claims import ORIGIN_FORM, Claim
from ingest.reading.names import core_of


def check(case: Case) -> Iterator[Result]:
    """Fails once for each name with one target that stands under both."""
    targets = [claim for claim in case.of_kind("indicator", "target") if claim.origin == ORIGIN_FORM]
    outputs = {_key(claim): claim for claim in targets if says("level.output", _levels(claim.section_path))}
    benefits = [claim for claim in targets if says("level.benefit", _levels(claim.section_path))]
    failures = (
        Result("fail", (outputs[_key(claim)], claim), expected="只列一次", found=named(claim))
        for claim in benefits
        if _key(claim) in outputs
    )
    yield from judged(failures, applies=outputs and benefits)


def _key(claim: Claim) -> tuple[object, ...]:
    return (core_of(claim.surface), claim.operator, claim.value, claim.unit, claim.value_text)


def _levels(path: str) -> str:
    return path.rpartition(" > ")[0]
