"""Whether the clock can be believed: a clock that jumped would end waivers, make every report overdue and mix up times.

The measure is what was recorded last, in the lake and in the log of publication. A person may confirm the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.lake import BEGINNING, Lake
from jiheng.settings import LOCAL_TIME, Settings
from publish.acts import acting
from publish.records import Event, history, record

# The reason in the record of a night that was held for its clock.
REASON = "C01"
CONFIRMED = "clock"
GUARDED = ("publish", "hold", CONFIRMED)
RULES = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class Doubt:
    """A clock that is not believed: what it says, and when the newest record was made."""

    now: datetime
    newest: datetime

    def __str__(self) -> str:
        way = ("早于", "is behind") if self.now < self.newest else ("远晚于", "is far ahead of")
        return (
            f"{REASON} 系统时钟 {_local(self.now)} {way[0]}最近一条记录 {_local(self.newest)}，请校准时钟；"
            "时钟无误的，运行 jiheng clock confirm"
            f" · the clock {way[1]} the newest record: put it right, or confirm it"
        )


class ClockError(RuntimeError):
    """The clock is not believed, so nothing may be recorded; the message says why and what to do."""


def doubt(settings: Settings, now: datetime) -> Doubt | None:
    """What is wrong with the clock at `now`, or None. Before anything was ever recorded, nothing can be."""
    times = _known_times(settings)
    if not times:
        return None
    newest = max(times)
    is_believed = newest - _rule("behind_minutes") <= now <= newest + _rule("ahead_days")
    return None if is_believed else Doubt(now, newest)


def check(settings: Settings, now: datetime) -> None:
    """Raise `ClockError` when the clock is not believed."""
    found = doubt(settings, now)
    if found:
        raise ClockError(str(found))


def confirm(settings: Settings, by: str, reason: str, now: datetime) -> Event:
    """Record that a person has looked at the clock and that it is right; gives the record.

    What was recorded before counts no more, even where it lies ahead of the clock.
    """
    with acting(settings.editions):
        newest = max([*_known_times(settings), Lake(settings.lake).newest()])
        said: dict[str, Any] = {"at": now.isoformat(timespec="seconds"), "newest": newest.isoformat()}
        return record(settings.editions, {"event": CONFIRMED, "who": by, "why": reason, **said})


def _known_times(settings: Settings) -> list[datetime]:
    """When things were recorded under a clock that was believed, since a person last confirmed it."""
    events = [event for event in history(settings.editions) if _is_guarded(event)]
    last = max((place for place, event in enumerate(events) if event["event"] == CONFIRMED), default=None)
    since = events if last is None else events[last:]
    known = BEGINNING if last is None else datetime.fromisoformat(events[last]["newest"])
    newest = Lake(settings.lake).newest()
    return [*map(_time_of, since), *([newest] if newest > known + _rule("behind_minutes") else [])]


def _is_guarded(event: Event) -> bool:
    """Whether it was recorded under a clock that was believed. Undo must work under any clock, and a hold for the clock
    bears the time that was not believed.
    """
    return event.get("event") in GUARDED and REASON not in event.get("expectations", ())


def _time_of(event: Event) -> datetime:
    return datetime.fromisoformat(event["at"])


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL_TIME):%Y-%m-%d %H:%M}"


@cache
def _rule(name: str) -> timedelta:
    value = yaml.safe_load(RULES.read_text(encoding="utf-8"))[name]
    return timedelta(**{name.rpartition("_")[2]: value})
