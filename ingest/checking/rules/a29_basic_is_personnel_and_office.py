"""A29: basic expenditure is personnel and office funds together."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.own_money import settings
from ingest.checking.own_sums import failures_of, parts_beside, sums_of


def check(case: Case) -> Iterator[Result]:
    """Fails once for each measure where they differ and no third part (资本性支出) stands beside the two."""
    words = settings()["basic"]
    sums = sums_of(case, words["whole"], words["parts"])
    plain = [(whole, parts) for whole, parts in sums if not parts_beside(case, whole, words["third_parts"])]
    yield from judged(failures_of(plain), plain)
