"""F01: what comes through a division's own channel is a report of that division."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Result, judged
from ingest.checking.history import Filing


def check(filing: Filing) -> Iterator[Result]:
    """Fails when the channel belongs to another division than the one the report names."""
    sender, named = filing.sender_division, filing.profile.division_key
    failures = [Result("fail", expected=str(sender), found=named)] if sender not in (None, named) else []
    yield from judged(failures, applies=sender)
