"""E13: an item's points in a form are not negative; what is taken off is taken off its full marks."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Row, evidence, forms_of, in_points


def check(case: Case) -> Iterator[Result]:
    """Fails once for each scored item below 0; rows of bonus points and deductions aside."""
    items = [row for form in forms_of(case) for row in form.items if row.is_scored and not row.is_extra]
    yield from judged((_failure(row) for row in items if row.given("item") < 0), items)


def _failure(row: Row) -> Result:
    claims, full = evidence([row], "full", "item"), in_points(row.given("full"))
    return Result("fail", claims, f"0—{full}", in_points(row.given("item")), {"name": row.name})
