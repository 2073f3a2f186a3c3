"""D04: a department calls itself by its own kind (我局 in a 局, not 我办)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.observation import pattern
from ingest.checking.wording import places, quoted


def check(case: Case) -> Iterator[Result]:
    """Fails once with the other kinds' names and where they stand; the observation on copied names finds them."""
    words = {word for one in case.observed("copy", "copy_paste") for word in one.formula.split("、")}
    calls = list(pattern("self_name").finditer(case.text))
    others = [match for match in calls if match[0] in words]
    failures = [Result("fail", (), case.submission.department_name, quoted(others), passages=places(case, others))]
    yield from judged(failures if others else (), applies=calls)
