"""E19: an item that missed its target does not get its full marks."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import measured_rows, too_many_points


def check(case: Case) -> Iterator[Result]:
    """Fails once for each item with full marks whose actual fell short of its target, or went beyond its limit."""
    rows = list(measured_rows(case))
    failures = (
        too_many_points(one)
        for one in rows
        if one.is_missed and one.row.given("item") == one.row.given("full") and not one.fits()
    )
    yield from judged(failures, rows)
