"""F04: expenditure is of the size that it was the year before; a factor of thousands is a slip of unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Result, judged, plain, ten_thousand_yuan
from ingest.checking.history import Filing
from ingest.checking.profile import SPENT


def check(filing: Filing) -> Iterator[Result]:
    """Fails when expenditure differs from last year's by more than the configured factor either way."""
    now = filing.profile.figures.get(SPENT)
    then = filing.last_year.value(SPENT) if filing.last_year else None
    failures = []
    if now and now.value > 0 and then and then > 0:
        factor = max(now.value, then) / min(now.value, then)
        if factor > filing.parameters["magnitude.most"]:
            expected, found = ten_thousand_yuan(then), ten_thousand_yuan(now.value)
            words = {"factor": plain(factor.quantize(Decimal(1)))}
            failures = [Result("fail", expected=expected, found=found, words=words, claim_ids=(now.claim_id,))]
    yield from judged(failures, applies=now and then)
