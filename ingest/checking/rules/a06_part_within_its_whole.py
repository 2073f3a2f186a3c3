"""A06: a part of a budget or of expenditure is no larger than the category it is part of."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.own_money import above, parts_and_wholes, written


def check(case: Case) -> Iterator[Result]:
    """Fails once for each part that is above its whole, rounding aside."""
    pairs = list(parts_and_wholes(case))
    failures = (
        Result(
            "fail",
            (part, whole),
            "≤ " + written(whole),
            written(part),
            {"part": part.surface, "whole": whole.surface, "limit": written(whole)},
        )
        for part, whole in pairs
        if above(part, whole)
    )
    yield from judged(failures, pairs)
