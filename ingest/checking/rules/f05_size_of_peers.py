"""F05: expenditure is of the size that departments of the same function have elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged, ten_thousand_yuan
from ingest.checking.history import Filing, median
from ingest.checking.profile import SPENT


def check(filing: Filing) -> Iterator[Result]:
    """Fails when expenditure lies beyond the configured factor from the median of enough peers, either way."""
    now = filing.profile.figures.get(SPENT)
    others = filing.spent_elsewhere
    enough = len(others) >= filing.parameters["peers.least"]
    failures = []
    if now and now.value > 0 and enough:
        middle = median(others)
        if max(now.value, middle) / min(now.value, middle) > filing.parameters["peers.magnitude_most"]:
            expected, found = ten_thousand_yuan(middle), ten_thousand_yuan(now.value)
            words = {"peers": str(len(others))}
            failures = [Result("fail", expected=expected, found=found, words=words, claim_ids=(now.claim_id,))]
    yield from judged(failures, applies=now and enough)
