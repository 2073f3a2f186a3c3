"""E28: an indicator whose target is a figure with a unit has a figure as its actual, and no word such as 完成."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import Row, rows_of, told_figure, words


def check(case: Case) -> Iterator[Result]:
    """Fails once for each row of a form with such a word beside such a target."""
    rows = [row for row in rows_of(case) if len(row.targets) == 1 and row.targets[0].unit and row.actuals]
    told = [row for row in rows if (row.actuals[0].value_text or "").strip("。") in words()["done_words"]]
    yield from judged((_failure(row) for row in told), rows)


def _failure(row: Row) -> Result:
    target, actual = row.targets[0], row.actuals[0]
    expected = f"以“{target.unit}”为单位的数值"
    words = {"name": row.name, "target": told_figure(target)}
    return Result("fail", (target, actual), expected, str(actual.value_text), words)
