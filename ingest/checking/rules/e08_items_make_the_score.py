"""E08: the points of all items add up to the stated total score."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Row, added, adds_up, evidence, in_points, totals_with_items
from ingest.reading.claims import Claim


def check(case: Case) -> Iterator[Result]:
    """Fails where the items' full marks make the full total, so that no item is missing, and their points do not."""
    complete = list(totals_with_items(case))
    yield from judged((_failure(*one) for one in complete if not adds_up(one[1], "item", one[0])), complete)


def _failure(total: Claim, rows: list[Row]) -> Result:
    lost = [row for row in rows if row.given("item") != row.given("full")]
    claims = (total, *evidence(lost or rows, "item"))
    return Result("fail", claims, expected=added(rows, "item"), found=in_points(total.value))
