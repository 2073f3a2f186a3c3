"""A04: stated changes and rates of change against the prior year or the initial budget can be recomputed."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, all_hold, percent, ten_thousand_yuan


def check(case: Case) -> Iterator[Result]:
    """Fails once for each change that does not follow from the figures beside it."""
    identities = case.identities_of_kind("change_rate", "change_from_initial")
    for identity in identities:
        if not identity.holds:
            show = percent if identity.kind == "change_rate" else ten_thousand_yuan
            yield Result("fail", identity.claims, expected=show(identity.recomputed), found=show(identity.stated))
    if all(identity.holds for identity in identities):
        yield all_hold(identities)
