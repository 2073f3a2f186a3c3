"""B07: a report that says all targets were met shows no figure that fell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, percent
from ingest.checking.outcome_words import names_something_else
from ingest.reading.claims import Claim

FULL = Decimal(1)
TO_GROW = ("positive", "growth")


def check(case: Case) -> Iterator[Result]:
    """Fails when such a sentence stands beside a fall where more is better, or a completion rate below 100 %."""
    if not case.says_all_targets_were_met:
        yield NOT_APPLICABLE
        return
    growths = [claim for claim in case.of_kind("growth", "actual") if claim.value_base is not None]
    fallen = [claim for claim in growths if (claim.value_base or 0) < 0 and _is_to_grow(claim, case)]
    short = [
        claim for claim in case.of_kind("completion_rate") if claim.value_base is not None and claim.value_base < FULL
    ]
    against = [*fallen, *short]
    if against:
        found = "、".join(percent(claim.value_base) for claim in against if claim.value_base is not None)
        yield Result("fail", against, expected="目标全面完成", found=found)
    else:
        yield PASS


def _is_to_grow(claim: Claim, case: Case) -> bool:
    """Whether more of it is better, by the catalogue: of what nobody knows, a fall may be what was aimed at."""
    return case.directions.get(claim.subject or "") in TO_GROW and not names_something_else(claim)
