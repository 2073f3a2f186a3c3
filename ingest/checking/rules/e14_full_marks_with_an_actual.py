"""E14: an item with a target gets full marks for an actual, and not for an empty cell."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Form, Row, evidence, forms_of, names


def check(case: Case) -> Iterator[Result]:
    """Fails once for each form with such items; other items of it must have an actual, so that there is a column."""
    asked = [(form, _with_target(form)) for form in forms_of(case) if any(row.actuals for row in form.items)]
    empty = [[row for row in rows if not row.actuals and row.given("item") == row.given("full")] for _, rows in asked]
    yield from judged((_failure(rows) for rows in empty if rows), any(rows for _, rows in asked))


def _with_target(form: Form) -> list[Row]:
    return [row for row in form.items if row.is_scored and row.targets and row.given("full") > 0]


def _failure(rows: list[Row]) -> Result:
    claims = [claim for row in rows[:5] for claim in (row.targets[0], *evidence([row], "item"))]
    return Result("fail", claims, "实际完成值", "空白", {"names": names(rows), "count": str(len(rows))})
