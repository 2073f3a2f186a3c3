"""E29: the points of an item without a figure lie in the band of the level that it states (domain 4d)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, Result, judged, plain
from ingest.checking.scoring import Row, evidence, forms_of, in_points, words

Level = tuple[Decimal, Decimal]


def check(case: Case) -> Iterator[Result]:
    """Fails once for each item whose points are outside of the band; a band's ends count to both bands."""
    items = [row for form in forms_of(case) for row in form.items if row.is_scored and row.actuals]
    told = [(row, level) for row in items if (level := _level_of(row))]
    outside = [(row, (low, high)) for row, (low, high) in told if not low <= row.given("item") <= high]
    yield from judged((_failure(row, level) for row, level in outside), told)


def _level_of(row: Row) -> Level | None:
    """The least and the most points of the level that the actual names in so many words."""
    said, full = (row.actuals[0].value_text or "").rstrip("。"), row.given("full")
    levels = (level for level in words()["levels"] if said in level["words"])
    return next(((Decimal(level["least"]) * full, Decimal(level["most"]) * full) for level in levels), None)


def _failure(row: Row, level: Level) -> Result:
    claims = (row.actuals[0], *evidence([row], "full", "item"))
    words = {"name": row.name, "level": str(row.actuals[0].value_text)}
    return Result("fail", claims, f"{plain(level[0])}—{plain(level[1])}分", in_points(row.given("item")), words)
