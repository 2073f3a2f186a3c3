"""The backup of every morning, where a place for it is named. Wiring only; see `jiheng.backups`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from jiheng.airflow.habits import DAY, HABITS, task_habits
from jiheng.airflow.notifier import tell_failed_run

DOC = """
### 备份 · Backup
设置了 JIHENG_BACKUP_TO 的，每天 05:00 备份全部数据：归档、数据湖、各期、登记和 Airflow 的元数据。只写入有变化的
文件，写入后核对；夜间运行不受影响。没有设置的，跳过。失败时，上一个备份仍然完好；超过期限没有备份，早班查看会报警。

Where JIHENG_BACKUP_TO names a place, everything is backed up at 05:00: archive, lake, editions, registers and Airflow's
metadata. Only what is new is written, and read back. A night that runs is not disturbed. Without a place the run is
skipped. When it fails, the last backup stands; the watchdog tells when the newest is too old.
"""


@dag(
    dag_id="backup",
    dag_display_name="备份 backup",
    schedule="0 5 * * *",
    doc_md=DOC,
    **HABITS,
    on_failure_callback=tell_failed_run,
    # The first backup of a province's home over a network takes hours; later ones write what is new.
    default_args=task_habits("系统运维", DAY, execution_timeout=timedelta(hours=6)),
)
def backup() -> None:
    """One backup."""

    @task(task_display_name="备份", doc_md="备份并核对 · Back everything up and read it back")
    def back_up() -> dict[str, Any]:
        """Save what is new, take away backups whose time is over."""
        from datetime import datetime

        from airflow.sdk.exceptions import AirflowSkipException

        from jiheng import housekeeping
        from jiheng.backups.store import Store
        from jiheng.settings import LOCAL_TIME, Settings

        settings = Settings.from_environment()
        if settings.backup_to is None:
            raise AirflowSkipException("没有设置 JIHENG_BACKUP_TO，不备份 · no place for backups is named")
        today = datetime.now(LOCAL_TIME).date()
        saved, gone = housekeeping.back_up(settings, Store(settings.backup_to), today)
        told = {"files": saved.files, "bytes": saved.size, "copied_bytes": saved.copied_size}
        return told | {"backup": saved.backup.backup_id, "taken_away": len(gone), "warnings": list(saved.warnings)}

    back_up()


backup_dag = backup()
