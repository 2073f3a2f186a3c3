"""E31: an item that both the text and the score form give points has the same points in both."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Row, evidence, in_points, items_in_sentences, own_form, same_points


def check(case: Case) -> Iterator[Result]:
    """Fails once for each item of the same name and the same full marks whose points differ."""
    form = own_form(case)
    filled = [row for row in form.rows if row.points("full")] if form else []
    pairs = [(text, row) for text in items_in_sentences(case) for row in filled if _is_same(text, row)]
    yield from judged((_failure(text, row) for text, row in pairs if not _agree(text, row)), pairs)


def _is_same(text: Row, row: Row) -> bool:
    scored = row.points("item") or row.points("subtotal")
    return scored is not None and text.name == row.name and text.given("full") == row.given("full")


def _agree(text: Row, row: Row) -> bool:
    one, other = text.points("item"), row.points("item") or row.points("subtotal")
    return one is None or other is None or same_points(one, other)


def _failure(text: Row, row: Row) -> Result:
    other = row.points("item") or row.points("subtotal")
    claims = (*evidence([text], "item"), *filter(None, [other]))
    found = in_points(text.given("item"))
    return Result("fail", claims, in_points(other.value) if other else "", found, {"name": row.name})
