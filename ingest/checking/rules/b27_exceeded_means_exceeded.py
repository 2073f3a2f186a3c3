"""B27: what is said to be exceeded or done in full (超额, 全面完成) has no completion rate below 100 %."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import clause_around, named, quantity, says
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each rate below 100 % in whose own clause such words stand."""
    rates = [claim for claim in case.of_kind("completion_rate") if claim.value_base is not None]
    failures = (
        Result("fail", (rate,), expected="≥100%", found=quantity(rate), words={"name": named(rate)})
        for rate in rates
        if (rate.value_base or 0) < 1 and rate.operator in ("=", "~") and _is_praised(rate)
    )
    yield from judged(failures, applies=rates)


def _is_praised(rate: Claim) -> bool:
    words = clause_around(rate)
    return says("completed", words) and not says("not_completed", words)
