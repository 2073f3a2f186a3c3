"""A07: what the parts of the budget were adjusted by adds up to what the whole was adjusted by."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, ten_thousand_yuan
from ingest.checking.identity import Identity
from ingest.checking.interval import stated
from ingest.checking.money_identities import total_of
from ingest.checking.own_money import ADJUSTED, INITIAL, amount


def check(case: Case) -> Iterator[Result]:
    """Fails when the parts, each before and after, moved by another amount than the stated adjustments."""
    identities = case.identities_of_kind("adjusted_parts")
    failures = (
        Result("fail", one.claims, ten_thousand_yuan(one.recomputed), ten_thousand_yuan(one.stated))
        for one in identities
        if not one.holds and not _whole_moved_so(case, one)
    )
    yield from judged(failures, identities)


def _whole_moved_so(case: Case, identity: Identity) -> bool:
    """Whether the totals moved as the parts did: then some addition or cut is not told, which is A03's matter."""
    initial, adjusted = amount(case, INITIAL), amount(case, ADJUSTED)
    if initial is None or adjusted is None:
        return False
    before, after = ([c for c in identity.claims if c.role == role] for role in ("initial", "adjusted"))
    return (stated(adjusted) - stated(initial)).meets(total_of(after) - total_of(before))
