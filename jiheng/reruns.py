"""What a run looked at, kept so that the same run, cleared and run again, gives the same edition."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jiheng.files import key_of, write_json
from jiheng.settings import Settings


@dataclass(frozen=True)
class Seen:
    """The time up to which a run looked at the lake, and when the last that it saw there was recorded."""

    as_of: datetime
    data_time: datetime


def seen_by(settings: Settings, run_id: str) -> Seen | None:
    """What a run looked at when it was first built; None for one that has not come so far."""
    try:
        kept = json.loads(_place(settings, run_id).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Seen(datetime.fromisoformat(kept["as_of"]), datetime.fromisoformat(kept["data_time"]))


def keep(settings: Settings, run_id: str, seen: Seen) -> None:
    """Remember it; only the first try of a run does."""
    write_json(_place(settings, run_id), {"run_id": run_id, "as_of": seen.as_of, "data_time": seen.data_time})


def _place(settings: Settings, run_id: str) -> Path:
    return settings.home / "nights" / f"{key_of(run_id)}.json"
