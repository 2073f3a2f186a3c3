"""Enough divisions have filed: the officers are told once. Wiring only; see `jiheng.filed`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from airflow.sdk import (
    FixedKeyMapper,
    MinimumCount,
    PartitionedAssetTimetable,
    RollupMapper,
    SegmentWindow,
    dag,
    get_current_context,
    task,
)

from jiheng.airflow.assets import PROVINCE_FILED
from jiheng.airflow.habits import DAY, HABITS, task_habits
from jiheng.airflow.notifier import TellOfficers
from jiheng.filed import awaited
from jiheng.settings import Settings

DOC = """
### 全省报齐 · The province has filed
应报登记册中最新年度的区划，报齐的达到规定比例（`JIHENG_FILING_QUORUM`，默认 100%）时开始：记录在案，通知有关人员一次。
此后每有区划报齐，再运行一次，更新已报齐的区划数，不再通知。登记册没有载明谁应报送时，不会开始。

Begins when enough divisions have filed for the newest year of the due register (`JIHENG_FILING_QUORUM`, 100 % unless
set otherwise): puts it on record and tells the officers once. Each division that files after that makes another run,
which brings the record up to date and tells nobody. Without a register of what is due it never begins.
"""


def _schedule() -> PartitionedAssetTimetable | None:
    """All divisions that owe reports for the newest year roll up to that year."""
    settings = Settings.from_environment()
    asked = awaited(settings)
    if asked is None:
        return None
    rollup = RollupMapper(
        upstream_mapper=FixedKeyMapper(str(asked.year)),
        window=SegmentWindow(asked.partitions),
        wait_policy=MinimumCount(asked.quorum(settings.filing_quorum)),
    )
    return PartitionedAssetTimetable(assets=PROVINCE_FILED, default_partition_mapper=rollup)


@dag(
    dag_id="province_filed",
    dag_display_name="全省报齐 province_filed",
    schedule=_schedule(),
    doc_md=DOC,
    **HABITS,
    default_args=task_habits("绩效管理处", DAY),
)
def province_filed() -> None:
    """One year."""

    @task(
        task_display_name="记录并通知",
        doc_md="记录并通知 · Put it on record, tell the officers",
        inlets=[PROVINCE_FILED],
        on_success_callback=TellOfficers(),
    )
    def record() -> dict[str, Any]:
        """Record that enough divisions have filed, and how many."""
        from jiheng.filed import record_quorum

        year = get_current_context()["dag_run"].partition_key
        return record_quorum(Settings.from_environment(), int(str(year)), datetime.now(UTC))

    record()


province_filed_dag = province_filed()
