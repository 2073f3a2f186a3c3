"""B03: completion far above its target asks for a reason; the target may have been set too low (财预〔2020〕10号)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged, percent
from ingest.checking.interval import decimal_of, stated
from ingest.checking.outcomes import measured


def check(case: Case) -> Iterator[Result]:
    """Fails once for each completion above the limit. Where less is better, more is no completion."""
    most = case.parameters["completion.most"]
    pairs = [one for one in measured(case) if one.target.value_base and not one.is_reverse]
    ratios = ((one, decimal_of((stated(one.actual) / stated(one.target)).value)) for one in pairs)
    failures = (
        Result("fail", (one.actual, one.target), expected="≤ " + percent(most), found=percent(ratio))
        for one, ratio in ratios
        if ratio > most
    )
    yield from judged(failures, applies=pairs)
