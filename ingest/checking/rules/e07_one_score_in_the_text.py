"""E07: the text of a report gives the department one total score, wherever it repeats it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import in_points, own_totals, same_points


def check(case: Case) -> Iterator[Result]:
    """Fails once for each score that differs from the first one."""
    told = own_totals(case)
    yield from judged(
        (
            Result("fail", (told[0], one), expected=in_points(told[0].value), found=in_points(one.value))
            for one in told[1:]
            if not same_points(told[0], one)
        ),
        applies=told[1:],
    )
