"""F12: a self score that moves far from last year's asks for a word of explanation."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged, plain
from ingest.checking.history import Filing
from ingest.checking.profile import SCORE


def check(filing: Filing) -> Iterator[Result]:
    """Fails when the self score moved by more than the configured points."""
    now = filing.profile.figures.get(SCORE)
    then = filing.last_year.value(SCORE) if filing.last_year else None
    failures = []
    if now and then is not None and abs(now.value - then) > filing.parameters["score.change_most"]:
        expected = f"{plain(then)} ± {plain(filing.parameters['score.change_most'])}"
        failures = [Result("fail", expected=expected, found=plain(now.value), claim_ids=(now.claim_id,))]
    yield from judged(failures, applies=now and then is not None)
