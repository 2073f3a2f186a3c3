"""A02: a stated execution rate is expenditure over the adjusted budget."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, all_hold, percent


def check(case: Case) -> Iterator[Result]:
    """Fails once for each rate that differs by more than one unit of its last decimal."""
    rates = case.identities_of_kind("execution_rate")
    for identity in rates:
        if not identity.holds:
            yield Result("fail", identity.claims, expected=percent(identity.recomputed), found=percent(identity.stated))
    if all(identity.holds for identity in rates):
        yield all_hold(rates)
