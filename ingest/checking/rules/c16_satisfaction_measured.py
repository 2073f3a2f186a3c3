"""C16: the satisfaction that a report claims is a measured value: not a bound, and not words alone."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import NOT_APPLICABLE, PASS, Case, Result
from ingest.checking.contents import is_running_text, sought

MEASURED = ("=", "~", "range")


def check(case: Case) -> Iterator[Result]:
    """Fails once with the bounds, or with a sentence that claims satisfaction where no figure of it stands at all."""
    figures = [claim for claim in case.claims if sought("satisfaction").search(claim.surface)]
    outcomes = [claim for claim in figures if claim.kind == "indicator" and claim.role == "actual"]
    claimed = [one for one in case.statements if one.kind == "assertion" and sought("satisfaction").search(one.topic)]
    if any(claim.operator in MEASURED for claim in outcomes):
        yield PASS
    elif outcomes:
        yield Result("fail", outcomes, "满意度的具体数值", "、".join(claim.quote for claim in outcomes))
    elif claimed and not figures and is_running_text(case):
        yield Result("fail", (), "满意度的具体数值", claimed[0].quote, statements=claimed[:1])
    else:
        yield NOT_APPLICABLE
