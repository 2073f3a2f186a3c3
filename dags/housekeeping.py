"""Old editions are taken away by rules that are data. Wiring only; see `jiheng.housekeeping`."""

from __future__ import annotations

from airflow.sdk import dag, task

from jiheng.habits import HABITS

DOC = """
### 清理 · Housekeeping
每天 04:30 按名册 retention 的天数清理到期的旧期和被拦截的各期。现行期、可退回的上一期、定稿的各期永远保留；
清理了的一期仍保留清单、门禁结果和差异。

Takes away editions whose time is over by the register `retention`. The current one, the one to undo to and final ones
always stay; manifest, gate decision and difference of the others do.
"""


@dag(
    dag_id="housekeeping",
    schedule="30 4 * * *",
    doc_md=DOC,
    **HABITS,
    default_args={"owner": "系统运维", "retries": 1},
)
def housekeeping() -> None:
    """One round."""

    @task(task_display_name="清理", doc_md="按规则清理 · Take away what is over")
    def keep_house() -> list[str]:
        from datetime import datetime

        from jiheng.housekeeping import keep_house as keep
        from jiheng.settings import LOCAL_TIME, Settings

        return keep(Settings.from_environment(), datetime.now(LOCAL_TIME).date())

    keep_house()


housekeeping_dag = housekeeping()
