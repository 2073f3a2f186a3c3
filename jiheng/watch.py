"""Watching where files are handed in, for Airflow: an event as soon as a new file lies there whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from jiheng.settings import Settings

# What tells one state of a file from another: its name, its size and when it was last changed.
State = tuple[str, int, int]


class InboxTrigger(BaseEventTrigger):
    """An event for new or changed files that lay still from one look to the next.

    It remembers what it told; after a restart it tells all once more, which makes an intake without new files.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seconds = seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """How Airflow's triggerer makes it again."""
        return ("jiheng.watch.InboxTrigger", {"seconds": self.seconds})

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look again and again, every so many seconds, in a thread: a share on the network may answer late."""
        told: frozenset[State] = frozenset()
        before = await asyncio.to_thread(_lying_there)
        while True:
            await asyncio.sleep(self.seconds)
            now = await asyncio.to_thread(_lying_there)
            still = now & before
            if still - told:
                yield TriggerEvent({"new_files": len(still - told)})  # type: ignore[no-untyped-call]
            told, before = still, now


def _lying_there() -> frozenset[State]:
    from ingest.inbox import files_in

    found = set()
    for path in files_in(Settings.from_environment().inbox):
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue
        found.add((str(path), facts.st_size, facts.st_mtime_ns))
    return frozenset(found)
