"""F11: what the version before was asked to mend is mended."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged
from ingest.checking.history import Filing


def check(filing: Filing) -> Iterator[Result]:
    """Fails with the rules (P0, P1) that the version before failed and this one still fails."""
    asked = filing.before.failed if filing.before else frozenset()
    still = sorted(asked & filing.profile.failed)
    failures = [Result("fail", expected="已改正", found="、".join(still))] if still else []
    yield from judged(failures, applies=asked)
