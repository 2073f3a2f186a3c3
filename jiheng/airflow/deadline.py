"""What Airflow's triggerer does when the night has missed its deadline: it warns the officers."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

log = logging.getLogger(__name__)


async def warn(**told: Any) -> str | None:  # noqa: ARG001
    """Warn them, unless the night has ended meanwhile; in a thread, for it reads and writes files."""
    return await asyncio.to_thread(_warn)


def _warn() -> str | None:
    from jiheng.airflow.notifier import connection
    from jiheng.notifying import notify_quietly
    from jiheng.settings import Settings
    from jiheng.watchdog import warn_of_late_night

    settings, now = Settings.from_environment(), datetime.now(UTC)
    words = warn_of_late_night(settings, now)
    if words:
        log.warning("%s", words)
        notify_quietly(settings, now, connection)
    return words
