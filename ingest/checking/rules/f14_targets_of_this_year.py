"""F14: targets are set for the year; when all are those of last year, they may have been copied."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged
from ingest.checking.history import Filing
from ingest.checking.profile import TARGET


def check(filing: Filing) -> Iterator[Result]:
    """Fails when enough targets are in both reports and every one is the same figure."""
    then = filing.last_year.figures if filing.last_year else {}
    both = [name for name in filing.profile.figures if name.startswith(TARGET) and name in then]
    enough = len(both) >= filing.parameters["targets.least"]
    same = [name for name in both if filing.profile.value(name) == then[name].value]
    failures = []
    if enough and len(same) == len(both):
        claim_ids = [filing.profile.figures[name].claim_id for name in same]
        failures = [Result("fail", expected="按当年任务设定", found=str(len(same)), claim_ids=claim_ids)]
    yield from judged(failures, applies=enough)
