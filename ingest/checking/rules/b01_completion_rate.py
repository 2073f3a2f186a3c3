"""B01: a stated completion rate is actual over target."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, all_hold, percent, plain


def check(case: Case) -> Iterator[Result]:
    """Fails once for each rate that differs from actual over target by more than one unit of its last decimal."""
    rates = case.identities_of_kind("completion_rate")
    for identity in rates:
        if not identity.holds:
            _, actual, target = identity.claims
            yield Result(
                "fail",
                identity.claims,
                expected=percent(identity.recomputed),
                found=percent(identity.stated),
                words={
                    "actual": f"{plain(actual.value)}{actual.unit}",
                    "target": f"{plain(target.value)}{target.unit}",
                },
            )
    if all(identity.holds for identity in rates):
        yield all_hold(rates)
