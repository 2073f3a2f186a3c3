"""A file that is still being written is left alone until it lies still."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from ingest.channels.places import Offer
from jiheng.monitoring.logs import named

log = logging.getLogger(__name__)


def settled(offers: Iterable[Offer], seconds: float) -> list[Offer]:
    """The offers that nobody is writing any more: unchanged for so many seconds; 0 takes all as they are.

    Recent files are looked at once more after one wait for all of them together, no longer than the youngest needs. A
    time in the future says nothing, so such a file counts as just written. Objects of a store are always whole.
    """
    found = list(offers)
    waits = {offer: _wait(offer, seconds) for offer in found if not offer.place.is_store}
    longest = max(waits.values(), default=0)
    if longest <= 0:
        return found
    time.sleep(longest)
    moving = {offer for offer, wait in waits.items() if wait > 0 and not is_still(offer)}
    for offer in moving:
        log.warning("还在写入，下次再收 · still being written, left for next time: %s", named(offer.source_name))
    return [offer for offer in found if offer not in moving]


def is_still(offer: Offer) -> bool:
    """Whether the file is as it was when it was listed."""
    return offer.state_now() == offer.state


def _wait(offer: Offer, seconds: float) -> float:
    """Seconds until the file has lain still for long enough."""
    age = time.time() - offer.state.modified
    return min(max(seconds - age, 0), seconds)
