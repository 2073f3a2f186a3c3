"""B19: equal figures of different indicators in different units (406亿元, 406座): one may be copied from the other."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, quantity


def check(case: Case) -> Iterator[Result]:
    """Fails once for each pair of equal figures."""
    failures = (
        Result(
            "fail",
            one.claims,
            expected="各是各的数",
            found="、".join(quantity(claim) for claim in one.claims),
            words={"first": named(one.claims[0]), "second": named(one.claims[1])},
        )
        for one in case.observed("collision")
    )
    yield from judged(
        failures, applies=len({claim.subject for claim in case.of_kind("indicator") if claim.subject}) > 1
    )
