"""B20: equal counts of different outcomes side by side: one may be copied from the other."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, quantity


def check(case: Case) -> Iterator[Result]:
    """Fails once for each pair of equal counts."""
    failures = (
        Result(
            "fail",
            one.claims,
            expected="各是各的数",
            found="、".join(quantity(claim) for claim in one.claims),
            words={"first": named(one.claims[0]), "second": named(one.claims[1])},
        )
        for one in case.observed("duplicate")
    )
    yield from judged(
        failures, applies=len({claim.subject for claim in case.of_kind("indicator") if claim.subject}) > 1
    )
