"""E04: a good score beside targets that were missed by far asks for an explanation."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, plain

# 财预〔2020〕10号: 80 and above is 良; below 60 % of a target is the band for "not reached".
GOOD_SCORE = Decimal(80)
FAR_BELOW = Decimal("0.6")


def check(case: Case) -> Iterator[Result]:
    """Fails when the self score is good while completion rates lie below 60 %."""
    scores = case.of_kind("score", "self")
    rates = case.of_kind("completion_rate")
    if not scores or not rates:
        yield NOT_APPLICABLE
        return
    low = [rate for rate in rates if rate.value_base is not None and rate.value_base < FAR_BELOW]
    if low and scores[-1].value is not None and scores[-1].value >= GOOD_SCORE:
        found = "、".join(f"{plain(rate.value)}%" for rate in low)
        yield Result("fail", (scores[-1], *low), "≥ 60%", found, {"score": plain(scores[-1].value)})
    else:
        yield PASS
