"""F07: a report speaks of its own year; most sentences of last year's report in it, figures included, are copied."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Result, judged, percent
from ingest.checking.history import Filing


def check(filing: Filing) -> Iterator[Result]:
    """Fails when last year's report of the same department shares most sentences with this one."""
    most = filing.parameters["copy.share_most_of_last_year"]
    last = filing.last_year
    own, then = filing.profile.sentences, last.sentences if last else frozenset()
    enough = len(own) >= filing.parameters["copy.sentences_least"]
    shared = len(own & then)
    failures = []
    if enough and then and Decimal(shared) / len(own) > most:
        failures = [Result("fail", expected="≤ " + percent(most), found=f"{shared}/{len(own)}")]
    yield from judged(failures, applies=then and enough)
