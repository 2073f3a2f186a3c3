"""Sending what is published on to the place of `JIHENG_PUBLISH_TO`, after every act that moves the pointer."""

from __future__ import annotations

from jiheng.settings import Settings
from publish import bucket


def send(settings: Settings, look_at_all: bool = False) -> str | None:
    """Bring the place to where `current` stands; gives a sentence about what came of it, None without a place.

    A store that fails costs nothing but that sentence and a record of it: the next night sends again.
    """
    try:
        place = settings.publish_to
    except ValueError as error:
        return f"✗ {error}"
    if place is None:
        return None
    followed = bucket.follow(place, settings.editions, look_at_all)
    return {
        "nothing": "还没有发布任何一期 nothing has been published yet",
        "sent": f"已发送 sent {followed.edition_id} → {place}",
        "unchanged": f"已在 already there {followed.edition_id} → {place}",
        "failed": f"✗ {followed.words}",
    }[followed.outcome]
