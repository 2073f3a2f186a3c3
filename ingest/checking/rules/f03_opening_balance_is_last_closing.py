"""F03: what is carried over from the year before is what that year's report carried over."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged, ten_thousand_yuan
from ingest.checking.history import Filing
from ingest.checking.profile import CLOSING, OPENING


def check(filing: Filing) -> Iterator[Result]:
    """Fails when the opening balance is not the closing balance of last year's report."""
    opening = filing.profile.figures.get(OPENING)
    closing = filing.last_year.figures.get(CLOSING) if filing.last_year else None
    failures = []
    if opening and closing and abs(opening.value - closing.value) > opening.step + closing.step:
        expected, found = ten_thousand_yuan(closing.value), ten_thousand_yuan(opening.value)
        failures = [Result("fail", expected=expected, found=found, claim_ids=(opening.claim_id,))]
    yield from judged(failures, applies=opening and closing)
