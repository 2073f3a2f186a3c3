"""Old editions, what killed runs have left, and Airflow's own records are taken away. Wiring only."""

from __future__ import annotations

from airflow.sdk import dag, task

from jiheng.airflow.habits import DAY, HABITS, task_habits
from jiheng.airflow.pools import WAREHOUSE_POOL
from jiheng.settings import Settings

DOC = """
### 清理 · Housekeeping
每天 04:30：按名册 retention 的天数清理到期的旧期和被拦截的各期；清理中断的运行留下的文件；
清理 Airflow 自己过期的运行记录和日志。现行期、可退回的上一期、定稿的各期永远保留；
清理了的一期仍保留清单、门禁结果和差异。

At 04:30: takes away editions whose time is over by the register `retention`, what killed runs have left behind, and
Airflow's own records and logs once they are old. The current edition, the one to undo to and final ones always stay;
manifest, gate decision and difference of the others do.
"""


@task(
    task_display_name="清理旧期",
    doc_md="按保留规则清理 · Take away editions whose time is over",
    pool=WAREHOUSE_POOL,
)
def keep_house() -> list[str]:
    """Give the ids of editions that went."""
    from datetime import datetime

    from jiheng.housekeeping import keep_house as keep
    from jiheng.settings import LOCAL_TIME

    return keep(Settings.from_environment(), datetime.now(LOCAL_TIME).date())


@task(
    task_display_name="清理残留",
    doc_md="清理中断的运行留下的文件 · Take away what killed runs have left",
    pool=WAREHOUSE_POOL,
)
def clear_leftovers() -> int:
    """Give how many things went."""
    from jiheng import leftovers

    return leftovers.clear(Settings.from_environment())


@task(
    task_display_name="清理运行日志",
    doc_md="清理 Airflow 过期的日志文件 · Take away old log files of Airflow",
)
def clear_logs() -> int:
    """Give how many files went."""
    from datetime import UTC, datetime

    from airflow.sdk.configuration import conf

    from jiheng.housekeeping import clear_logs as clear

    return clear(Settings.from_environment(), conf.get("logging", "base_log_folder"), datetime.now(UTC))


@task(
    task_display_name="清理运行记录",
    doc_md="清理 Airflow 数据库中过期的记录；本机不能访问数据库时跳过 · Take old rows out of Airflow's database; "
    "skipped where this machine has no access",
)
def clear_records() -> None:
    """Let Airflow's own command do it."""
    from datetime import UTC, datetime

    from airflow.sdk.exceptions import AirflowSkipException

    from jiheng.housekeeping import NoDatabaseError
    from jiheng.housekeeping import clear_records as clear

    try:
        clear(Settings.from_environment(), datetime.now(UTC))
    except NoDatabaseError as error:
        raise AirflowSkipException(str(error)) from error


@dag(
    dag_id="housekeeping",
    dag_display_name="清理 housekeeping",
    schedule="30 4 * * *",
    doc_md=DOC,
    **HABITS,
    default_args=task_habits("系统运维", DAY),
)
def housekeeping() -> None:
    """One round; its parts need nothing of each other."""
    keep_house()
    clear_leftovers()
    clear_logs()
    clear_records()


housekeeping_dag = housekeeping()
