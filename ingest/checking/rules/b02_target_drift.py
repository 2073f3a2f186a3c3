"""B02: one indicator has one target. A target that changes between sections changes the completion rate."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, plain
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each indicator whose targets in one unit differ; a range that holds the other does not."""
    groups: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in [*case.of_kind("indicator", "target"), *case.of_kind("growth", "target")]:
        if claim.subject and claim.value is not None and claim.value_high is None:
            groups.setdefault((claim.kind, claim.subject, claim.unit_base), []).append(claim)
    failed = False
    for claims in groups.values():
        if any(one.value_base != other.value_base for one, other in pairwise(claims)):
            failed = True
            values = list(dict.fromkeys(f"{plain(claim.value)}{claim.unit}" for claim in claims))
            yield Result("fail", claims, expected=values[0], found="、".join(values[1:]))
    if not failed:
        yield PASS if any(len(claims) > 1 for claims in groups.values()) else NOT_APPLICABLE
