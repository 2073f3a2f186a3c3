"""Intake as files arrive: archive, read, check, land, send receipts back. Wiring only; the steps are `jiheng.night`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, Metadata, dag, get_current_context, task

from jiheng.airflow.assets import INBOX, LAKE
from jiheng.airflow.habits import BATCH_LABEL, DAY, HABITS, task_habits
from jiheng.airflow.links import RunLink, linked
from jiheng.airflow.notifier import TellOfficers, tell_failed_run
from jiheng.airflow.pools import READING_POOL
from jiheng.monitoring.runs import STEPS
from jiheng.settings import Settings

DOC = """
### 收件 · Intake
有文件报送进来，几秒内开始：归档 → 分批阅读与检查 → 入湖 → 发回执。另每 10 分钟查看一次，作为保底。
没有新文件时，后面的步骤跳过。

Starts seconds after a file was handed in, and every ten minutes as a net: archive → read and check in batches → land
→ receipts. Without new files the later steps are skipped. Nothing is published here: that is the nightly run's. Every
task may be cleared and run again; a run that was killed is made up for by the next.
"""


@task(task_display_name=STEPS["take_in"], doc_md="收件与归档 · Take in what is new and archive it", inlets=[INBOX])
def take_in() -> dict[str, str]:
    """Begin the intake."""
    from jiheng import night

    return night.take_in(Settings.from_environment(), get_current_context()["run_id"])


@task(task_display_name=STEPS["share_out"], doc_md="把新文件分成若干批 · Share the new files out in batches")
def share_out(taken: dict[str, str]) -> list[dict[str, int]]:
    """Give the batches: which files, not the files themselves."""
    from airflow.sdk.exceptions import AirflowSkipException

    from jiheng import night

    if not int(taken["new_files"]):
        raise AirflowSkipException("没有新文件 · nothing new")
    return night.batches(Settings.from_environment(), night.Night.from_json(taken))


@task(
    task_display_name=STEPS["read_and_check"],
    doc_md="阅读与检查一批文件，每份文件一个进程 · Read and check a batch, each file in a process of its own",
    map_index_template=BATCH_LABEL,
    pool=READING_POOL,
    execution_timeout=timedelta(hours=3),
)
def read_and_check(taken: dict[str, str], batch: dict[str, int]) -> None:
    """Read one batch."""
    from jiheng import night

    night.read_and_check(Settings.from_environment(), night.Night.from_json(taken), batch)


@task(
    task_display_name=STEPS["land"],
    doc_md="入湖并发回执 · Append to the lake and send receipts back",
    outlets=[LAKE],
    on_success_callback=TellOfficers(),
)
def land(taken: dict[str, str]) -> Any:
    """Land the rows; the event bears the counts."""
    from jiheng import night

    landed = night.land(Settings.from_environment(), night.Night.from_json(taken))
    yield Metadata(LAKE, extra=landed)
    return landed


@dag(
    dag_id="intake",
    dag_display_name="收件 intake",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/10 * * * *", timezone="Asia/Shanghai"), assets=[INBOX]
    ),
    doc_md=DOC,
    **HABITS,
    on_failure_callback=tell_failed_run,
    default_args=task_habits("绩效管理处", DAY),
)
def intake() -> None:
    """The steps of an intake in their order."""
    taken = linked(take_in(), RunLink())
    landed = linked(land(taken), RunLink())
    read_and_check.partial(taken=taken).expand(batch=share_out(taken)) >> landed


intake_dag = intake()
