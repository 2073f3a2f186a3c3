"""B08: every declared target that is a figure has an outcome in figures."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import quantities
from ingest.checking.outcomes import is_of_the_year, without_outcome
from ingest.checking.soft.targets import TARGETS, section_kind

MOST_SHOWN = 5


def check(case: Case) -> Iterator[Result]:
    """Fails once with the targets that no outcome in the whole report answers."""
    declared = [
        claim
        for claim in case.of_kind("indicator", "target")
        if section_kind(claim.section_path) == TARGETS and is_of_the_year(claim, case)
    ]
    observed = [claim for one in case.observed("missing_actual") for claim in one.claims]
    missing = [claim for claim in observed if claim in declared and without_outcome(claim, case)]
    found = quantities(missing[:MOST_SHOWN]) + ("等" if len(missing) > MOST_SHOWN else "")
    words = {"count": str(len(missing))}
    failure = Result("fail", missing[:MOST_SHOWN], expected="每项目标都有完成数", found=found, words=words)
    yield from judged([failure] if missing else [], applies=declared and case.of_kind("indicator", "actual"))
