"""Limits: how large a file may be, how long it may take, and how many a division may hand in."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from jiheng.settings import Settings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    """Each is a setting: `upload_` and the field's name."""

    mib: int = 64
    an_hour: int = 60
    a_day: int = 600
    seconds: int = 600

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits of an installation."""
        return cls(settings.upload_mib, settings.upload_an_hour, settings.upload_a_day, settings.upload_seconds)

    @property
    def size_bytes(self) -> int:
        """The largest file, in bytes."""
        return self.mib * 1024 * 1024

    def wait_seconds(self, taken_at: Collection[datetime], moment: datetime) -> int:
        """Seconds until a division that handed in files at these times may hand in one more; 0 when it may now."""
        windows = ((HOUR, self.an_hour), (DAY, self.a_day))
        return max(_wait(sorted(taken_at), moment, window, most) for window, most in windows)


def _wait(taken_at: list[datetime], moment: datetime, window: timedelta, most: int) -> int:
    recent = [one for one in taken_at if one > moment - window]
    return math.ceil((recent[-most] + window - moment).total_seconds()) if len(recent) >= most else 0
