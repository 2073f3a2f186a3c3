"""Limits: how large a file may be, how long it may take, and how many a division may hand in."""

from __future__ import annotations

import math
import os
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    """Each may be set by an environment variable, `JIHENG_UPLOAD_` and the field's name in capitals."""

    mib: int = 64
    an_hour: int = 60
    a_day: int = 600
    seconds: int = 600

    @classmethod
    def from_environment(cls) -> Limits:
        """Read the limits. Raises `ValueError` for one that is not a whole number above zero."""
        named = {field.name: f"JIHENG_UPLOAD_{field.name.upper()}" for field in fields(cls)}
        found = {name: os.environ[variable] for name, variable in named.items() if os.environ.get(variable)}
        for name, value in found.items():
            if not value.isdecimal() or int(value) < 1:
                raise ValueError(f"{named[name]} 须为正整数 must be a whole number above zero, not {value!r}")
        return cls(**{name: int(value) for name, value in found.items()})

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
