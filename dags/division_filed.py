"""A division has filed: one run for each, with how its filing stands. Wiring only; see `jiheng.filed`."""

from __future__ import annotations

from typing import Any

from airflow.sdk import PartitionedAssetTimetable, dag, get_current_context, task

from jiheng.airflow.assets import DIVISION_FILED
from jiheng.airflow.habits import DAY, HABITS, task_habits

DOC = """
### 一个区划报齐 · A division has filed
一个区划某一年度应报的报告全部收到时开始，一个区划一次运行，分区键为“年度|区划键”。列出应报、已收、退回各几份。
报齐后又有更正报来，再运行一次。

One run for each division that has handed in all that it owes for a year, with the partition `year|division_key`: how
many reports were due, have come and were returned. A correction that comes later makes another run.
"""


@dag(
    dag_id="division_filed",
    dag_display_name="区划报齐 division_filed",
    # The run's partition is that of the event: no mapping.
    schedule=PartitionedAssetTimetable(assets=DIVISION_FILED),
    doc_md=DOC,
    **HABITS,
    default_args=task_habits("绩效管理处", DAY),
)
def division_filed() -> None:
    """One division."""

    @task(
        task_display_name="报送情况", doc_md="应报、已收、退回各几份 · Due, received, returned", inlets=[DIVISION_FILED]
    )
    def stand() -> dict[str, Any]:
        """Tell how the division's filing stands."""
        from jiheng import filed
        from jiheng.settings import Settings

        partition = get_current_context()["dag_run"].partition_key
        return filed.standing(Settings.from_environment(), str(partition))

    stand()


division_filed_dag = division_filed()
