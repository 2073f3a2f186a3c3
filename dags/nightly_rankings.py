"""The nightly run: from the inbox to a published edition. Wiring only; the steps are in `jiheng.night`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import (
    AsyncCallback,
    DeadlineAlert,
    DeadlineReference,
    Metadata,
    Param,
    dag,
    get_current_context,
    task,
)

from jiheng.airflow.assets import EDITION, HELD, INBOX, LAKE, MAYBE_HELD, MODELS, WAREHOUSE
from jiheng.airflow.habits import BATCH_LABEL, HABITS, NIGHT, task_habits
from jiheng.airflow.links import EditionLink, GateLink, RunLink, linked
from jiheng.airflow.notifier import TellOfficers, tell_failed_run
from jiheng.airflow.pools import READING_POOL, WAREHOUSE_POOL
from jiheng.monitoring.runs import STEPS
from jiheng.settings import Settings

DOC = """
### 每夜排名 · Nightly rankings
收件 → 分批阅读与检查 → 入湖 → 建仓 → 门禁 → 发布。没有新文件时，阅读一步显示为跳过，其余照常。门禁未通过时，不发布，
上一期保持不变；本次运行显示为失败。

Takes in what is new in the inbox, archives, reads and checks it in batches, lands it in the lake, builds the warehouse,
lets the gate decide and publishes. When the gate holds, nothing is published, the last edition stands and this run is
shown as failed. An empty inbox publishes too: unchanged; then reading is shown as skipped.

**重新运行 · Running it again.** 清除（Clear）任何一步都是安全的：本次运行仍按当时的数据重做，得到同一期，
不会把现行期换成旧的。要按现在的数据再来一次，请新开一次运行（Trigger）。新开时填了过去日期，就重建那一天的一期，
已有更新的一期时不发布；填了“数据截止时间”，则按那一时间重建并发布。

Clearing any task is safe: the run looks at what it looked at then, gives the same edition and never puts an older one
in the place of the current one. For what is there now, trigger a new run. Triggered with a past logical date it builds
that day's edition again, which takes no newer one's place; with “as of” it publishes what was known then.

门禁为什么拦截、怎样才能放行 · Why a night was held: `jiheng gate explain`. A hold starts `held_edition`.
"""
AS_OF = Param(
    None,
    type=["null", "string"],
    format="date-time",
    title="数据截止时间 · As of",
    description="留空：用现有的全部数据。填写：按那一时间已有的数据重建并发布。 Empty: all that is there now.",
)


def _deadline(minutes: int) -> DeadlineAlert | None:
    """The early warning so many minutes after the night's time; 0 is none."""
    if not minutes:
        return None
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=timedelta(minutes=minutes),
        callback=AsyncCallback("jiheng.airflow.deadline.warn"),
        name=f"{minutes} 分钟内发布 · published within {minutes} minutes",
    )


@task(
    task_display_name=STEPS["take_in"],
    doc_md="收件与归档 · Take in what is new in the inbox and archive it",
    inlets=[INBOX],
)
def take_in() -> dict[str, str]:
    """Begin the night."""
    from jiheng import night

    context = get_current_context()
    run = context["dag_run"]
    # A run of the schedule is for now, however late it begins; one that a person dated is for that date.
    date = None if run.run_type == "scheduled" else run.logical_date
    return night.take_in(Settings.from_environment(), run.run_id, context["params"]["as_of"], date)


@task(task_display_name=STEPS["share_out"], doc_md="把新文件分成若干批 · Share the new files out in batches")
def share_out(tonight: dict[str, str]) -> list[dict[str, int]]:
    """Give the batches: which files, not the files themselves."""
    from jiheng import night

    return night.batches(Settings.from_environment(), night.Night.from_json(tonight))


@task(
    task_display_name=STEPS["read_and_check"],
    doc_md="阅读与检查一批文件，一份一个进程；没有新文件时跳过 · Read and check a batch, each file in a process "
    "of its own; skipped without new files",
    map_index_template=BATCH_LABEL,
    pool=READING_POOL,
    execution_timeout=timedelta(hours=3),
)
def read_and_check(tonight: dict[str, str], batch: dict[str, int]) -> None:
    """Read one batch."""
    from airflow.sdk.exceptions import AirflowSkipException

    from jiheng import night

    if not batch["files"]:
        raise AirflowSkipException("没有新文件 · nothing new")
    night.read_and_check(Settings.from_environment(), night.Night.from_json(tonight), batch)


@task(
    task_display_name=STEPS["land"],
    doc_md="入湖并发回执 · Append what was read to the lake, send receipts back",
    outlets=[LAKE, MODELS],
    trigger_rule="none_failed",
)
def land(tonight: dict[str, str]) -> Any:
    """Land the rows; the event bears the counts, and that of the models the night whose build begins now."""
    from jiheng import night

    get_current_context()["outlet_events"][MODELS].add_partitions(tonight["run_id"])
    landed = night.land(Settings.from_environment(), night.Night.from_json(tonight))
    yield Metadata(LAKE, extra=landed)
    return landed


@task(
    task_display_name=STEPS["build_warehouse"],
    doc_md="建仓 · Build the warehouse of tonight's private edition with dbt",
    inlets=[LAKE],
    outlets=[WAREHOUSE],
    pool=WAREHOUSE_POOL,
    execution_timeout=timedelta(hours=2),
)
def build_warehouse(tonight: dict[str, str], _landed: dict[str, Any]) -> Any:
    """Build it; the event bears the edition's id."""
    from jiheng import night

    edition = night.build_warehouse(Settings.from_environment(), night.Night.from_json(tonight))
    yield Metadata(WAREHOUSE, extra=edition)
    return edition


@task(
    task_display_name=STEPS["evaluate_gate"],
    doc_md="门禁 · Let the gate decide",
    inlets=[WAREHOUSE],
    outlets=[MAYBE_HELD],
    pool=WAREHOUSE_POOL,
)
def evaluate_gate(tonight: dict[str, str], edition: dict[str, str]) -> dict[str, Any]:
    """Decide; a hold is an event that starts `held_edition`."""
    from jiheng import night

    decided = night.evaluate_gate(Settings.from_environment(), night.Night.from_json(tonight), edition)
    if decided["decision"] == "hold":
        get_current_context()["outlet_events"][MAYBE_HELD].add(HELD, extra={"edition_id": edition["edition_id"]})
    return decided


@task(
    task_display_name=STEPS["publish_edition"],
    doc_md="发布 · Publish, or keep the last edition when the gate holds",
    on_success_callback=TellOfficers(),
    inlets=[WAREHOUSE],
    outlets=[EDITION],
    pool=WAREHOUSE_POOL,
    execution_timeout=timedelta(hours=2),
)
def publish_edition(
    tonight: dict[str, str], edition: dict[str, str], gate: dict[str, Any], landed: dict[str, Any]
) -> Any:
    """Publish; the event bears the edition's id and what became of it."""
    from airflow.sdk.exceptions import AirflowFailException

    from jiheng import night
    from jiheng.publication import GateHeld

    try:
        result = night.publish_edition(
            Settings.from_environment(), night.Night.from_json(tonight), edition, gate, landed
        )
    except GateHeld as held:
        raise AirflowFailException(f"门禁未通过，保留上一期 · the gate holds: {held}") from held
    yield Metadata(EDITION, extra={name: result[name] for name in ("edition_id", "publication")})
    return result


@dag(
    dag_id="nightly_rankings",
    dag_display_name="每夜排名 nightly_rankings",
    schedule="0 2 * * *",
    doc_md=DOC,
    **HABITS,
    on_failure_callback=tell_failed_run,
    default_args=task_habits("绩效管理处", NIGHT),
    params={"as_of": AS_OF},
    deadline=_deadline(Settings.from_environment().deadline_minutes),
)
def nightly_rankings() -> None:
    """The steps of a night in their order."""
    tonight = linked(take_in(), RunLink())
    landed = linked(land(tonight), RunLink())
    read_and_check.partial(tonight=tonight).expand(batch=share_out(tonight)) >> landed
    edition = build_warehouse(tonight, landed)
    gate = linked(evaluate_gate(tonight, edition), GateLink())
    linked(publish_edition(tonight, edition, gate, landed), EditionLink(), GateLink())


nightly_rankings_dag = nightly_rankings()
