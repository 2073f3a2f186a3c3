"""After each landing: which divisions have filed all that they owe. Wiring only; see `jiheng.filed`."""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, get_current_context, task

from jiheng.airflow.assets import DIVISION_FILED, LAKE, PROVINCE_FILED
from jiheng.airflow.habits import DAY, HABITS, task_habits

DOC = """
### 报齐情况 · Filings
每次入湖后开始：看哪些区划某一年度应报的报告已经全部收到。报齐的区划各自开始一次 `division_filed`；
报齐的区划达到规定比例时，开始 `province_filed`，通知有关人员。没有区划报齐时，本步骤跳过。

After each landing: which divisions have handed in all that they owe for a year. Each starts a run of `division_filed`,
enough of them one of `province_filed`, which tells the officers. Skipped where none has.
"""


@dag(
    dag_id="filings",
    dag_display_name="报齐情况 filings",
    schedule=[LAKE],
    doc_md=DOC,
    **HABITS,
    default_args=task_habits("绩效管理处", DAY),
)
def filings() -> None:
    """One look."""

    @task(
        task_display_name="查看报齐",
        doc_md="查看哪些区划已报齐 · Which divisions have filed",
        inlets=[LAKE],
        outlets=[DIVISION_FILED, PROVINCE_FILED],
    )
    def look() -> list[str]:
        """Name the divisions that have filed just now, and to the province all that have."""
        from airflow.sdk.exceptions import AirflowSkipException

        from jiheng import filed
        from jiheng.settings import Settings

        context: Any = get_current_context()
        batches = {event.extra.get("batch_id") for event in context["triggering_asset_events"][LAKE]} - {None}
        now = filed.filed_by(Settings.from_environment(), batches) if batches else []
        if not now:
            raise AirflowSkipException("没有区划新报齐 · no division has filed just now")
        context["outlet_events"][DIVISION_FILED].add_partitions(now)
        context["outlet_events"][PROVINCE_FILED].add_partitions(filed.filed(Settings.from_environment()))
        return now

    look()


filings_dag = filings()
