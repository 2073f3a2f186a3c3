"""B07: a report that says all targets were met shows no figure that fell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result, percent

FULL = Decimal(1)


def check(case: Case) -> Iterator[Result]:
    """Fails when such a sentence stands beside falling indicators or completion rates below 100 %."""
    if not case.says_all_targets_were_met:
        yield NOT_APPLICABLE
        return
    fallen = [
        claim for claim in case.of_kind("growth", "actual") if claim.value_base is not None and claim.value_base < 0
    ]
    short = [
        claim for claim in case.of_kind("completion_rate") if claim.value_base is not None and claim.value_base < FULL
    ]
    against = [*fallen, *short]
    if against:
        found = "、".join(percent(claim.value_base) for claim in against if claim.value_base is not None)
        yield Result("fail", against, expected="目标全面完成", found=found)
    else:
        yield PASS
