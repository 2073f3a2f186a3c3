"""B28: a verb of growth or decline stands with a figure without a sign (增长-5% is 下降5%)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.observation import figure
from ingest.checking.outcome_words import signed_verb

MOVES = ("growth", "change_rate", "change")


def check(case: Case) -> Iterator[Result]:
    """Fails once for each figure whose verb and sign say the direction twice, or against each other."""
    moved = [claim for claim in case.claims if claim.kind in MOVES]
    signed = ((claim, signed_verb(claim)) for claim in moved)
    failures = (
        Result("fail", (claim,), f"{words[0]}{figure(claim)}{claim.unit}", words[1] + figure(claim) + claim.unit)
        for claim, words in signed
        if words
    )
    yield from judged(failures, applies=moved)
