"""E12: an item's points are not above its full marks."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Row, evidence, in_points, scored_items


def check(case: Case) -> Iterator[Result]:
    """Fails once for each item of a form or a sentence with more points than full marks; bonus items aside."""
    items = [row for row in scored_items(case) if not row.is_extra]
    yield from judged((_failure(row) for row in items if row.given("item") > row.given("full")), items)


def _failure(row: Row) -> Result:
    claims, full = evidence([row], "full", "item"), in_points(row.given("full"))
    return Result("fail", claims, f"≤{full}", in_points(row.given("item")), {"name": row.name})
