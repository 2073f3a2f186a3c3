"""Airflow's pools: how many tasks of a kind run at once, on all workers together."""

from __future__ import annotations

import os
from typing import Any

from jiheng.settings import Settings

WAREHOUSE_POOL, READING_POOL = "warehouse", "reading"


def pools(settings: Settings) -> dict[str, dict[str, Any]]:
    """Each pool with its size, as Airflow's command `pools import` takes them."""
    return {
        WAREHOUSE_POOL: _pool(1, "一次只建一个、判一个、发布一个 · one builds, decides or publishes at a time"),
        READING_POOL: _pool(
            settings.reading_slots or os.cpu_count() or 1, "同时阅读的批数 · batches that are read at once"
        ),
    }


def _pool(slots: int, told: str) -> dict[str, Any]:
    return {"slots": slots, "description": told, "include_deferred": False}
