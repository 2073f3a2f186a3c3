"""A held edition waits for an officer: keep it held, or release it with name and reason. Wiring only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Metadata, Param, dag, get_current_context, task

from jiheng.airflow.assets import EDITION, HELD
from jiheng.airflow.habits import HABITS, NIGHT, task_habits
from jiheng.airflow.links import EditionLink, GateLink, linked
from jiheng.airflow.notifier import TellOfficers
from jiheng.airflow.pools import WAREHOUSE_POOL
from jiheng.settings import Settings

DOC = """
### 被拦截的一期 · A held edition
门禁拦截后自动开始：先列出为什么拦截、怎样才能放行，然后等一位在 officers 名册中登记了 override 权限的人员在网页
“Required Actions” 中决定。到时没有人答复，即维持拦截；下一夜照常自行运行。放行人的姓名和理由印在这一期的每一页上。

Begins by itself when the gate holds: tells why and what would release the edition, then waits for an officer who is
registered for `override` to answer under Required Actions. Without an answer it stays held, and the next night runs by
itself. Who released it and why stands on every page of the edition.
"""
KEEP, RELEASE = "维持拦截 keep held", "放行 release"
# The next night is at 02:00; whoever has not answered by the evening has left it to that.
# Airflow sends this one to its scheduler and cannot send a duration of pendulum.
PATIENCE = timedelta(hours=16)


# The gate decides a moment before the edition is set aside.
@task(
    task_display_name="说明",
    doc_md="为什么拦截 · Why it is held",
    inlets=[HELD],
    retries=5,
    retry_delay=timedelta(seconds=5),
    retry_policy=None,
)
def explain() -> dict[str, str]:
    """Say why it is held, and what would release it."""
    from jiheng import publication

    events = get_current_context()["triggering_asset_events"][HELD]
    return publication.question(Settings.from_environment(), str(events[-1].extra["edition_id"]))


@task(
    task_display_name="执行",
    doc_md="维持或放行 · Keep it held, or publish it on the officer's word",
    on_success_callback=TellOfficers(),
    outlets=[EDITION],
    pool=WAREHOUSE_POOL,
    execution_timeout=timedelta(hours=2),
)
def act(told: dict[str, str], answer: dict[str, Any]) -> Any:
    """Do what the officer has answered; the event bears the edition's id."""
    from airflow.sdk.exceptions import AirflowSkipException

    from jiheng import publication

    if answer["chosen_options"] != [RELEASE]:
        raise AirflowSkipException("维持拦截 · it stays held")
    who = answer["responded_by_user"]["name"]
    reason = str(answer["params_input"].get("reason", ""))
    settings, edition_id = Settings.from_environment(), told["edition_id"]
    result = publication.released(settings, edition_id) or publication.release(
        settings, edition_id, who, reason, pendulum.now("UTC")
    )
    yield Metadata(EDITION, extra={name: result[name] for name in ("edition_id", "publication")})
    return result


@dag(
    dag_id="held_edition",
    dag_display_name="被拦截的一期 held_edition",
    schedule=[HELD],
    doc_md=DOC,
    **HABITS,
    default_args=task_habits("绩效管理处", NIGHT),
)
def held_edition() -> None:
    """Tell, ask, act."""
    ask = HITLOperator(
        task_id="ask",
        task_display_name="请决定",
        doc_md="请有权限的人员决定：维持拦截或放行 · An officer decides: keep it held, or release it",
        # It waits for the answer without a worker, for as long as its own patience says.
        execution_timeout=None,
        subject="{{ ti.xcom_pull(task_ids='explain')['subject'] }}",
        body="{{ ti.xcom_pull(task_ids='explain')['body'] }}",
        options=[KEEP, RELEASE],
        defaults=KEEP,
        params={"reason": Param("", type="string", description="放行的理由（放行时必填） · why, when releasing")},
        response_timeout=PATIENCE,
        # An answer within a second of the pause fails the first attempt.
        retries=1,
        retry_delay=timedelta(seconds=5),
    )

    told = linked(explain(), GateLink())
    told >> linked(ask.output, GateLink())
    linked(act(told, ask.output), EditionLink())


held_edition_dag = held_edition()
