"""E15: an item of outputs, benefits or satisfaction that gets points has a target to be measured against."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Form, Row, evidence, forms_of, names, says


def check(case: Case) -> Iterator[Result]:
    """Fails once for each form with such items; other items of it must have a target, so that there is a column."""
    asked = [_measurable(form) for form in forms_of(case) if any(row.targets for row in form.items)]
    empty = [[row for row in rows if not row.targets and row.given("item") > 0] for rows in asked]
    yield from judged((_failure(rows) for rows in empty if rows), any(asked))


def _measurable(form: Form) -> list[Row]:
    """The scored rows with an actual, or of a class that is measured (the name above them says so)."""
    scored = (row for row in form.items if row.is_scored and not row.is_extra and not row.is_of_money)
    return [row for row in scored if row.targets or row.actuals or says("measured_class", _class_of(row))]


def _class_of(row: Row) -> str:
    _, *above = row.path.split(" > ")
    return above[0] if len(above) > 1 else ""


def _failure(rows: list[Row]) -> Result:
    claims = [claim for row in rows[:5] for claim in (*row.actuals[:1], *evidence([row], "item"))]
    return Result("fail", claims, "年度指标值", "空白", {"names": names(rows), "count": str(len(rows))})
