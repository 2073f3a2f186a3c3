"""E04: a good score beside targets that were missed by far asks for an explanation."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, percent, plain


def check(case: Case) -> Iterator[Result]:
    """Fails when the self score is good while completion rates lie far below their targets."""
    good, far_below = case.parameters["score.good"], case.parameters["completion.far_below"]
    scores = case.of_kind("score", "self")
    rates = case.of_kind("completion_rate")
    if not scores or not rates:
        yield NOT_APPLICABLE
        return
    low = [rate for rate in rates if rate.value_base is not None and rate.value_base < far_below]
    if low and scores[-1].value is not None and scores[-1].value >= good:
        found = "、".join(f"{plain(rate.value)}%" for rate in low)
        yield Result("fail", (scores[-1], *low), "≥ " + percent(far_below), found, {"score": plain(scores[-1].value)})
    else:
        yield PASS
