"""A08: an amount or rate that another chapter states again is the same, slips of the keyboard included."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.own_money import written


def check(case: Case) -> Iterator[Result]:
    """Fails once for each restated figure that is a slip away from the first one."""
    slips = case.identities_of_kind("restatement")
    failures = (Result("fail", one.claims, written(one.claims[1]), written(one.claims[0])) for one in slips)
    yield from judged(failures, case.observed("repeat", "holds"))
