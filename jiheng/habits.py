"""What every DAG has in common: since when, one run at a time, nothing made up for, on from the first start."""

from __future__ import annotations

from typing import Any

import pendulum

HABITS: dict[str, Any] = {
    "start_date": pendulum.datetime(2026, 1, 1, tz="Asia/Shanghai"),
    "catchup": False,
    "max_active_runs": 1,
    "is_paused_upon_creation": False,
    "tags": ["jiheng", "绩衡"],
}
