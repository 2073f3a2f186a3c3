"""E25: points that an item loses have a reason: words in its row, or a problem that the report names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import FORM, Form, Row, evidence, forms_of, names, says

WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
REASONS = ("problem", "measure")


def check(case: Case) -> Iterator[Result]:
    """Fails once for each form with items that lost points without a word, in a report that names no problem."""
    lost = [_items_that_lost(form) for form in forms_of(case)]
    told = any(statement.kind in REASONS for statement in case.statements) or not _is_only_a_form(case)
    silent = [[row for row in rows if not _says_why(row)] for rows in lost]
    yield from judged((_failure(rows) for rows in silent if rows and not told), any(lost))


def _is_only_a_form(case: Case) -> bool:
    return all(claim.rule_ids[0].startswith(FORM) or claim.kind == "grade" for claim in case.claims)


def _items_that_lost(form: Form) -> list[Row]:
    items = (row for row in form.items if row.is_scored and not row.is_extra and not row.is_of_money)
    return [row for row in items if not says("of_execution", row.path) and row.given("item") < row.given("full")]


def _says_why(row: Row) -> bool:
    """Whether the row holds words that are neither its names nor its values."""
    left = "".join(row.claims[0].sentence.split())
    for told in (*row.path.split(" > "), *(claim.quote for claim in row.claims)):
        left = left.replace("".join(told.split()), " ", 1)
    return WORDS.search(left) is not None


def _failure(rows: list[Row]) -> Result:
    claims = evidence(rows, "full", "item")
    return Result("fail", claims, "扣分原因", "空白", {"names": names(rows), "count": str(len(rows))})
