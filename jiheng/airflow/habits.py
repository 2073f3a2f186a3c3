"""What every DAG has in common: since when, one run at a time, what is tried again, who owns it, what comes first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum

from jiheng.settings import Settings

# What a mapped task is called in the grid.
BATCH_LABEL = (
    "{% set share = task.op_kwargs['batch'] %}"
    "{% if share.files %}第 {{ share.number }}/{{ share.of }} 批 · {{ share.files }} 份"
    "{% else %}没有新文件 nothing new{% endif %}"
)
# Where tasks wait for the same slot, the night goes first.
NIGHT, DAY = 10, 1

HABITS: dict[str, Any] = {
    "start_date": pendulum.datetime(2026, 1, 1, tz="Asia/Shanghai"),
    "catchup": False,
    "max_active_runs": 1,
    "is_paused_upon_creation": False,
    "tags": ["jiheng", "绩衡"],
}


def task_habits(owner: str, priority: int, **more: Any) -> dict[str, Any]:
    """What the tasks of a DAG have in common: lost workers are made up for, errors only where they may pass."""
    from jiheng.airflow.notifier import NoteTrouble, TellOfficers
    from jiheng.airflow.patience import Patience

    return {
        "owner": owner,
        "priority_weight": priority,
        "weight_rule": "absolute",
        "retries": Settings.from_environment().retries,
        "retry_delay": timedelta(seconds=10),
        "retry_policy": Patience(),
        "execution_timeout": timedelta(hours=1),
        # A step that fails may have put a hold or an alarm on record.
        "on_failure_callback": [NoteTrouble(), TellOfficers()],
        **more,
    }
