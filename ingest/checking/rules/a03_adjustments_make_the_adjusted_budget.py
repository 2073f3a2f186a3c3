"""A03: initial budget with additions and cuts is the adjusted budget."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, all_hold, ten_thousand_yuan


def check(case: Case) -> Iterator[Result]:
    """Fails when the stated adjustments do not lead from the initial to the adjusted budget."""
    identities = case.identities_of_kind("adjustment")
    for identity in identities:
        if not identity.holds:
            yield Result(
                "fail",
                identity.claims,
                expected=ten_thousand_yuan(identity.recomputed),
                found=ten_thousand_yuan(identity.stated),
            )
    if all(identity.holds for identity in identities):
        yield all_hold(identities)
