"""F15: a report comes by its date. A later version of one that came in time is in time."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged
from ingest.checking.history import Filing
from jiheng.settings import LOCAL_TIME


def check(filing: Filing) -> Iterator[Result]:
    """Fails when the first version came after the day that a register names."""
    due, received = filing.due_on, filing.profile.received_at.astimezone(LOCAL_TIME).date()
    first = filing.before is None
    failures = []
    if due and first and received > due:
        words = {"days": str((received - due).days)}
        failures = [Result("fail", expected=due.isoformat(), found=received.isoformat(), words=words)]
    yield from judged(failures, applies=due and first)
