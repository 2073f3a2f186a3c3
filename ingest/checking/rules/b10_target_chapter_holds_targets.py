"""B10: the chapter for targets declares what was to be done; outcomes stand where the results are told."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.soft.targets import TARGETS, section_kind

MOST_SHOWN = 5


def check(case: Case) -> Iterator[Result]:
    """Fails once where more than half of the figures in the chapter for targets are outcomes."""
    inside = [claim for claim in case.of_kind("indicator") if section_kind(claim.section_path) == TARGETS]
    failures = []
    for one in case.observed("role", "target_section_holds_actuals"):
        targets = [claim for claim in one.claims if claim.role == "target"]
        actuals = [claim for claim in one.claims if claim.role == "actual"]
        words = {"actuals": str(len(actuals))}
        found = str(len(targets))
        failures.append(Result("fail", (*targets, *actuals)[:MOST_SHOWN], "年度目标值", found, words))
    yield from judged(failures, applies=inside)
