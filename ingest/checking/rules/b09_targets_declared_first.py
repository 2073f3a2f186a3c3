"""B09: a target stands in the chapter that declares the targets, not only where the results are told."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import quantities
from ingest.checking.outcomes import is_of_the_year
from ingest.checking.soft.targets import declared_targets


def check(case: Case) -> Iterator[Result]:
    """Fails once with the targets of the year that the chapter for targets does not name."""
    observed = [claim for one in case.observed("new_target") for claim in one.claims]
    late = [claim for claim in observed if is_of_the_year(claim, case)]
    words = {"count": str(len(late))}
    failures = [Result("fail", late, expected="目标先申报", found=quantities(late), words=words)] if late else []
    yield from judged(failures, applies=declared_targets(case))
