"""A28: no more people are in post than posts are authorised, where the base-information form states both."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.own_money import above, written

AUTHORISED, IN_POST = "form.fact.staff_authorised", "form.fact.staff_in_post"


def check(case: Case) -> Iterator[Result]:
    """Fails when the first count of people in post is above that of authorised posts."""
    facts = {claim.rule_ids[0]: claim for claim in reversed(case.claims) if claim.value is not None}
    pairs = [(facts[IN_POST], facts[AUTHORISED])] if {IN_POST, AUTHORISED} <= facts.keys() else []
    failures = (
        Result("fail", pair, "≤ " + written(pair[1]), written(pair[0]), {"limit": written(pair[1])})
        for pair in pairs
        if above(*pair)
    )
    yield from judged(failures, pairs)
