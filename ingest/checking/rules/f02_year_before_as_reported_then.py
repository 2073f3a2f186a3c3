"""F02: what this report says of the year before is what that year's own report said."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged, ten_thousand_yuan
from ingest.checking.history import Filing
from ingest.checking.profile import SPENT, SPENT_BEFORE


def check(filing: Filing) -> Iterator[Result]:
    """Fails when the expenditure that a stated change leads back to is not that of last year's report."""
    now = filing.profile.figures.get(SPENT_BEFORE)
    then = filing.last_year.figures.get(SPENT) if filing.last_year else None
    failures = []
    if now and then and abs(now.value - then.value) > now.step + then.step:
        words = {"year": str(filing.profile.fiscal_year - 1)}
        expected, found = ten_thousand_yuan(then.value), ten_thousand_yuan(now.value)
        failures = [Result("fail", expected=expected, found=found, words=words, claim_ids=(now.claim_id,))]
    yield from judged(failures, applies=now and then)
