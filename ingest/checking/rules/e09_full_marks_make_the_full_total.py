"""E09: the full marks of all items of a form add up to the full total that it states."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Form, Row, added, evidence, forms_of, in_points


def check(case: Case) -> Iterator[Result]:
    """Fails where the items' points make the total score, so that no item is missing, and their full marks do not."""
    complete = [(form, rows) for form in forms_of(case) for rows in form.complete if _is_known(form, rows)]
    wrong = (one for one in complete if not one[0].makes(one[1], "full"))
    yield from judged((_failure(form, rows) for form, rows in wrong), complete)


def _is_known(form: Form, rows: list[Row]) -> bool:
    """Whether the full total is stated, and the full marks of each row that is no bonus."""
    return "full" in form.totals and all(row.is_scored and not row.is_extra for row in rows)


def _failure(form: Form, rows: list[Row]) -> Result:
    claims = (form.totals["full"], *evidence(rows, "full"))
    return Result("fail", claims, expected=in_points(form.totals["full"].value), found=added(rows, "full"))
