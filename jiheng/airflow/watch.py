"""Watching where files are handed in, for Airflow: an event as soon as a new file lies there whole."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from jiheng.settings import Settings

log = logging.getLogger(__name__)
# What tells one state of a file from another: its name, its size and when it was last changed.
State = tuple[str, int, float]


class InboxTrigger(BaseEventTrigger):
    """An event for new or changed files that lay still from one look to the next.

    It remembers what it told; after a restart it tells all once more, which makes an intake without new files.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seconds = seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """How Airflow's triggerer makes it again."""
        return ("jiheng.airflow.watch.InboxTrigger", {"seconds": self.seconds})

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
    from ingest.channels.places import ChannelError, offers_in, places_of

    places = places_of(Settings.from_environment())
    try:
        offers = [offer for place in places for offer in offers_in(place, ())]
    except ChannelError as error:
        # The intake says so when its time comes; whoever watches goes on looking.
        log.warning("%s", error)
        return frozenset()
    return frozenset((offer.source_name, offer.state.size, offer.state.modified) for offer in offers)
