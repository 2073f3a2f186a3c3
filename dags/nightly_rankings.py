"""The nightly run: from the inbox to a published edition. Wiring only; the steps are in `jiheng.night`."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Asset, AssetAlias, Param, dag, get_current_context, task

from jiheng.habits import HABITS
from jiheng.notifier import TellOfficers, tell_failed_run

DOC = """
### 每夜排名 · Nightly rankings
收件 → 阅读与检查 → 入湖 → 建仓 → 门禁 → 发布。门禁未通过时，不发布，上一期保持不变；本次运行显示为失败。

Takes in what is new in the inbox, archives, reads and checks it, lands it in the lake, builds the warehouse, lets the
gate decide and publishes. When the gate holds, nothing is published, the last edition stands and this run is shown as
failed. Every task may be cleared and run again. An empty inbox publishes too: unchanged.

Why a night was held, and what would release it, is told by `jiheng gate explain`. A hold starts the DAG `held_edition`,
in which an officer may release it with name and reason.
"""
# An event of this asset starts `held_edition`. The alias lets a task decide whether there is one.
HELD, MAYBE_HELD = Asset("held_edition"), AssetAlias("maybe_held")


@dag(
    dag_id="nightly_rankings",
    schedule="0 2 * * *",
    doc_md=DOC,
    **HABITS,
    on_failure_callback=tell_failed_run,
    # A step that fails may have put a hold on record: told at once. Any other failure is told once for the whole run.
    default_args={"owner": "绩效管理处", "retries": 0, "on_failure_callback": TellOfficers()},
    params={"as_of": Param(None, type=["null", "string"], description="数据截止时间 (ISO) · look at the lake as of")},
)
def nightly_rankings() -> None:
    """The steps of a night in their order."""

    @task(task_display_name="收件归档", doc_md="收件与归档 · Take in what is new in the inbox and archive it")
    def take_in() -> dict[str, str]:
        from jiheng import night

        context = get_current_context()
        return night.take_in(_settings(), context["run_id"], context["params"]["as_of"])

    @task(task_display_name="阅读检查", doc_md="阅读与检查 · Read and check each new file in a process of its own")
    def read_and_check(tonight: dict[str, str]) -> dict[str, str]:
        from jiheng import night

        night.read_and_check(_settings(), night.Night.from_json(tonight))
        return tonight

    @task(task_display_name="入湖", doc_md="入湖 · Append what was read to the lake, write receipts")
    def land(tonight: dict[str, str]) -> dict[str, Any]:
        from jiheng import night

        return night.land(_settings(), night.Night.from_json(tonight))

    @task(task_display_name="建仓", doc_md="建仓 · Build the warehouse of tonight's private edition with dbt")
    def build_warehouse(tonight: dict[str, str], _landed: dict[str, Any]) -> dict[str, str]:
        from jiheng import night

        return night.build_warehouse(_settings(), night.Night.from_json(tonight))

    @task(task_display_name="门禁", doc_md="门禁 · Let the gate decide", outlets=[MAYBE_HELD])
    def evaluate_gate(tonight: dict[str, str], edition: dict[str, str]) -> dict[str, Any]:
        from jiheng import night

        decided = night.evaluate_gate(_settings(), night.Night.from_json(tonight), edition)
        if decided["decision"] == "hold":
            events = get_current_context()["outlet_events"][MAYBE_HELD]
            events.add(HELD, extra={"edition_id": edition["edition_id"]})
        return decided

    @task(
        task_display_name="发布",
        doc_md="发布 · Publish, or keep the last edition when the gate holds",
        on_success_callback=TellOfficers(),
    )
    def publish_edition(
        tonight: dict[str, str], edition: dict[str, str], gate: dict[str, Any], landed: dict[str, Any]
    ) -> dict[str, Any]:
        from airflow.sdk.exceptions import AirflowFailException

        from jiheng import night
        from jiheng.publication import GateHeld

        try:
            return night.publish_edition(_settings(), night.Night.from_json(tonight), edition, gate, landed)
        except GateHeld as held:
            raise AirflowFailException(f"门禁未通过，保留上一期 · the gate holds: {held}") from held

    tonight = read_and_check(take_in())
    landed = land(tonight)
    edition = build_warehouse(tonight, landed)
    gate = evaluate_gate(tonight, edition)
    publish_edition(tonight, edition, gate, landed)


def _settings() -> Any:
    from jiheng.settings import Settings

    return Settings.from_environment()


nightly_rankings_dag = nightly_rankings()
