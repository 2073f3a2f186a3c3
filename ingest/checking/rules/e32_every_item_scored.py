"""E32: every item of a score form with full marks has points, be it 0."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Form, Row, adds_up, evidence, forms_of, names


def check(case: Case) -> Iterator[Result]:
    """Fails once for each form whose full total counts items without points and whose total score does not."""
    forms = [form for form in forms_of(case) if _is_whole(form)]
    blank = [[row for row in form.items if not row.of("score", "item")] for form in forms]
    yield from judged((_failure(rows) for rows in blank if rows), forms)


def _is_whole(form: Form) -> bool:
    """Whether the full marks make the full total and the stated points the total score, so that all was read."""
    total, scored = form.totals.get("self"), [row for row in form.items if row.is_scored]
    made = form.makes(form.items, "full") and all(row.points("full") for row in form.items)
    return bool(total) and made and len(scored) > 1 and total is not None and adds_up(scored, "item", total)


def _failure(rows: list[Row]) -> Result:
    words = {"names": names(rows), "count": str(len(rows))}
    return Result("fail", evidence(rows, "full"), "得分", "空白", words)
