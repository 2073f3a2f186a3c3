"""D17: a report speaks of its own kind of place (no 我县 in a district); another one is a sign of copied text."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.wording import places, quoted, slip, wording


def check(case: Case) -> Iterator[Result]:
    """Fails once with the words for a kind of place that the division is not, and where they stand."""
    not_the_place = wording()["not_the_place"].get(case.submission.division_name[-1:], [])
    called = list(slip("own_place").finditer(case.text))
    others = [match for match in called if match[1] in not_the_place]
    failures = [Result("fail", (), case.submission.division_name, quoted(others), passages=places(case, others))]
    yield from judged(failures if others else (), applies=called)
