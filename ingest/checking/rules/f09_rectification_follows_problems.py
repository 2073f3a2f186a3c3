"""F09: where last year's report named problems, this year's says what was done about them."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged
from ingest.checking.history import Filing


def check(filing: Filing) -> Iterator[Result]:
    """Fails when last year's report named problems and this one does not speak of rectification."""
    then = filing.last_year.problems if filing.last_year else ()
    failures = [] if filing.profile.rectifies else [Result("fail", expected="上年度问题的整改情况", found="未提供")]
    yield from judged(failures if then else [], applies=then)
