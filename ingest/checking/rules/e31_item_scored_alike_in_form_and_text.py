"""E31: an item that both the text and the score form give points has the same points in both."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Row, in_points, items_in_sentences, own_form, same_points


def check(case: Case) -> Iterator[Result]:
    """Fails once for each item of the same name and the same full marks whose points differ."""
    form = own_form(case)
    filled = [row for row in form.rows if row.points("full")] if form else []
    pairs = [(text, row) for text in items_in_sentences(case) for row in filled if _is_same(text, row)]
    yield from judged((_failure(text, row) for text, row in pairs if not _agree(text, row)), pairs)


def _is_same(text: Row, row: Row) -> bool:
    return row.result is not None and text.name == row.name and text.given("full") == row.given("full")


def _agree(text: Row, row: Row) -> bool:
    return text.result is None or row.result is None or same_points(text.result, row.result)


def _failure(text: Row, row: Row) -> Result:
    claims = [claim for claim in (text.result, row.result) if claim is not None]
    found, expected = (in_points(claim.value) for claim in claims)
    return Result("fail", claims, expected, found, {"name": row.name})
