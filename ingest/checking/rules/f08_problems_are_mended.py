"""F08: a problem that stood in last year's report in the same words has not been mended."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged
from ingest.checking.history import Filing


def check(filing: Filing) -> Iterator[Result]:
    """Fails with the number of problems that both years' reports describe in the same words."""
    then = filing.last_year.problems if filing.last_year else ()
    both = set(then) & set(filing.profile.problems)
    failures = [Result("fail", expected="0", found=str(len(both)))] if both else []
    yield from judged(failures, applies=then and filing.profile.problems)
