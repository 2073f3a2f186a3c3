"""F01: what comes through a division's own channel is a report of that division."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged
from ingest.checking.history import Filing


def check(filing: Filing) -> Iterator[Result]:
    """Fails when the channel belongs to another division than the one the report names."""
    sender, named = filing.sender_division, filing.profile.division_key
    failures = []
    if sender is not None and sender != named:
        failures = [Result("fail", expected=filing.names.get(sender, sender), found=filing.names.get(named, named))]
    yield from judged(failures, applies=sender)
