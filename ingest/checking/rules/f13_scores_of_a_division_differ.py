"""F13: departments of one division differ; the same self score of nearly all of them says little."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Result, judged, plain
from ingest.checking.history import Filing
from ingest.checking.profile import SCORE


def check(filing: Filing) -> Iterator[Result]:
    """Fails when, of enough departments, more than the configured share gave themselves this very score."""
    own = filing.profile.figures.get(SCORE)
    scores = [value for one in filing.cohort if (value := one.value(SCORE)) is not None]
    enough = len(scores) + 1 >= filing.parameters["cohort.least"]
    failures = []
    if own and enough:
        same = 1 + scores.count(own.value)
        if Decimal(same) / (len(scores) + 1) > filing.parameters["cohort.share_most"]:
            found = f"{same}/{len(scores) + 1}"
            words = {"score": plain(own.value)}
            failures = [Result("fail", expected="有高有低", found=found, words=words, claim_ids=(own.claim_id,))]
    yield from judged(failures, applies=own and enough)
