"""Intake as files arrive: archive, read, check, land, send receipts back. Wiring only; the steps are `jiheng.night`."""

from __future__ import annotations

import os
from typing import Any

import pendulum
from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable, dag, get_current_context, task

from jiheng.habits import HABITS
from jiheng.notifier import TellOfficers, tell_failed_run
from jiheng.watch import InboxTrigger

DOC = """
### 收件 · Intake
有文件报送进来，几秒内开始：归档 → 阅读与检查 → 入湖 → 发回执。另每 10 分钟查看一次，作为保底。
没有新文件时，后面的步骤跳过。

Starts seconds after a file was handed in, and every ten minutes as a net: archive → read and check → land → receipts.
Without new files the later steps are skipped. Nothing is published here: that is the nightly run's. Every task may be
cleared and run again; a run that was killed is made up for by the next.
"""
INBOX = Asset(
    "inbox",
    watchers=[AssetWatcher("files", trigger=InboxTrigger(float(os.environ.get("JIHENG_WATCH_SECONDS", "5"))))],
)


@dag(
    dag_id="intake",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/10 * * * *", timezone="Asia/Shanghai"), assets=[INBOX]
    ),
    doc_md=DOC,
    **HABITS,
    on_failure_callback=tell_failed_run,
    default_args={
        "owner": "绩效管理处",
        "retries": 1,
        "retry_delay": pendulum.duration(seconds=10),
        "on_failure_callback": TellOfficers(),
    },
)
def intake() -> None:
    """The steps of an intake in their order."""

    @task(task_display_name="收件归档", doc_md="收件与归档 · Take in what is new and archive it")
    def take_in() -> dict[str, str]:
        from jiheng import night

        return night.take_in(_settings(), get_current_context()["run_id"])

    @task(task_display_name="阅读检查", doc_md="阅读与检查 · Read and check each new file in a process of its own")
    def read_and_check(taken: dict[str, str]) -> dict[str, str]:
        from airflow.sdk.exceptions import AirflowSkipException

        from jiheng import night

        if not int(taken["new_files"]):
            raise AirflowSkipException("没有新文件 · nothing new")
        night.read_and_check(_settings(), night.Night.from_json(taken))
        return taken

    @task(
        task_display_name="入湖并发回执",
        doc_md="入湖并发回执 · Append to the lake and send receipts back",
        on_success_callback=TellOfficers(),
    )
    def land(taken: dict[str, str]) -> dict[str, Any]:
        from jiheng import night

        return night.land(_settings(), night.Night.from_json(taken))

    land(read_and_check(take_in()))


def _settings() -> Any:
    from jiheng.settings import Settings

    return Settings.from_environment()


intake_dag = intake()
