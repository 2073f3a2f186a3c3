"""The morning's look: was the night published, is the current edition whole. Wiring only; see `jiheng.watchdog`."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, get_current_context, task

from jiheng.airflow.assets import EDITION
from jiheng.airflow.habits import HABITS, NIGHT, task_habits
from jiheng.airflow.notifier import TellOfficers

DOC = """
### 早班查看 · Watchdog
每天 06:00 查看：这一夜是否已发布，现行期的文件是否完好，发布记录是否连贯。不是的话，本次运行显示为失败（报警），
并记入发布记录，网站的横幅说明原因。

At 06:00: was the night published, are the current edition's files as published, is the log of publication unbroken. If
not, this run is shown as failed, the alarm is on record, and the site's banner says why.
"""
# Airflow makes up for the last run that it missed while it was down; a morning's look is not made up for at night.
MEANT_FOR_TODAY = timedelta(hours=3)


@dag(
    dag_id="watchdog",
    dag_display_name="早班查看 watchdog",
    schedule="0 6 * * *",
    doc_md=DOC,
    **HABITS,
    # Good or bad, the morning also sends what could not be sent at night.
    default_args=task_habits("系统运维", NIGHT, on_success_callback=TellOfficers()),
)
def watchdog() -> None:
    """One look."""

    @task(task_display_name="查看", doc_md="查看发布情况 · Look at what is published", inlets=[EDITION])
    def look() -> bool:
        """Look; what is wrong fails the run."""
        from datetime import UTC, datetime

        from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

        from jiheng.settings import Settings
        from jiheng.watchdog import watch

        now = datetime.now(UTC)
        due = get_current_context()["dag_run"].logical_date
        if due is not None and now - due > MEANT_FOR_TODAY:
            raise AirflowSkipException("错过了这天早上，不再补看 · that morning has passed")
        if found := watch(Settings.from_environment(), now):
            raise AirflowFailException("；".join(found))
        return True

    look()


watchdog_dag = watchdog()
