"""D10: headings are numbered in order, and as many follow as were announced."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged


def check(case: Case) -> Iterator[Result]:
    """Fails once for each report with the slips that the observation on numbering found."""
    slips = [one.formula for one in case.observed("numbering", "structure")]
    failures = (Result("fail", expected="序号连续、个数相符", found=slip) for slip in slips)
    yield from judged(failures, applies=not case.is_form)
