"""A07: what the parts of the budget were adjusted by adds up to what the whole was adjusted by."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, ten_thousand_yuan


def check(case: Case) -> Iterator[Result]:
    """Fails when the parts, each before and after, moved by another amount than the stated adjustments."""
    identities = case.identities_of_kind("adjusted_parts")
    failures = (
        Result("fail", one.claims, ten_thousand_yuan(one.recomputed), ten_thousand_yuan(one.stated))
        for one in identities
        if not one.holds
    )
    yield from judged(failures, identities)
