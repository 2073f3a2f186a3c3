"""C16: the satisfaction that a report claims is a measured value: not a bound, and not words alone."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import is_running_text, sought

MEASURED = ("=", "~", "range")


def check(case: Case) -> Iterator[Result]:
    """Fails once with the bounds, or with the sentences that claim satisfaction where no figure stands at all."""
    figures = [c for c in case.of_kind("indicator") if sought("satisfaction").search(c.surface + c.sentence)]
    outcomes = [claim for claim in figures if claim.role != "target"]
    claimed = [one for one in case.statements if one.kind == "assertion" and sought("satisfaction").search(one.topic)]
    if not is_running_text(case) or any(claim.operator in MEASURED for claim in outcomes):
        yield PASS if outcomes else NOT_APPLICABLE
    elif outcomes or (claimed and not figures):
        found = "、".join(claim.quote for claim in outcomes) or "没有数值"
        yield Result("fail", outcomes, "调查得出的满意度数值", found, statements=() if outcomes else claimed[:1])
    else:
        yield NOT_APPLICABLE
