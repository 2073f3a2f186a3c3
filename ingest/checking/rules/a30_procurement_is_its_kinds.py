"""A30: government procurement is goods, works and services together."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.own_money import settings
from ingest.checking.own_sums import failures_of, sums_of


def check(case: Case) -> Iterator[Result]:
    """Fails once for each measure whose three kinds, all stated, are not the whole."""
    words = settings()["procurement"]
    sums = sums_of(case, words["whole"], words["parts"])
    yield from judged(failures_of(sums), sums)
