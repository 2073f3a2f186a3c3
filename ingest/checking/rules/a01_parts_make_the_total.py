"""A01: the parts of a budget or of expenditure add up to its total."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, all_hold, ten_thousand_yuan


def check(case: Case) -> Iterator[Result]:
    """Fails once for each measure whose parts do not add up within rounding."""
    sums = case.identities_of_kind("sum")
    for identity in sums:
        if not identity.holds:
            yield Result(
                "fail",
                identity.claims,
                expected=ten_thousand_yuan(identity.recomputed),
                found=ten_thousand_yuan(identity.stated),
            )
    if all(identity.holds for identity in sums):
        yield all_hold(sums)
