"""Archived files read again, or the warehouse built as of a date, by a form. Wiring only; see `jiheng.replay`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task

from ingest.reasons import reasons
from jiheng.airflow.habits import DAY, HABITS, task_habits
from jiheng.airflow.notifier import TellOfficers, tell_failed_run
from jiheng.airflow.pools import READING_POOL, WAREHOUSE_POOL
from jiheng.settings import Settings

DOC = """
### 重读与重建 · Replay
读取程序更新后，用它重读已归档的文件；或按某一日期重建当时的数据仓库。只由人发起，先选“比较”看一看会有什么不同。

* **重读**只增加一次读取，不改动以前的记录；报送时间和次序不变。结论有变的，另发一份回执。新的读取若要退回一份
  已受理的报告，先扣下，等人同意（`jiheng acts return`）后再重读。结果随下一夜发布。
* **重建**不收件、不重读，只按当时的数据建仓、过门禁；不勾选发布的，不发布。

Reads archived files again with a newer reader, or builds the warehouse as it was on a date. Started by people only:
look at “compare” first. A re-reading adds a reading and changes none; a changed verdict gets a receipt of its own; an
accepted report is not returned without a person's word. What was read is published by the next night. A rebuild stays
private unless publication is asked for. Every task may be cleared and run again.
"""
LIST, COMPARE, REREAD, REBUILD = "list", "compare", "reread", "rebuild"
WHAT = {
    LIST: "只列出会重读哪些 · list only",
    COMPARE: "比较：读，但不入湖 · read and compare, land nothing",
    REREAD: "重读并入湖 · read again and land",
    REBUILD: "按日期重建 · rebuild as of a date",
}
WORDS: dict[str, Any] = {"type": ["null", "array"], "items": {"type": "string"}}
FORM = {
    "what": Param(
        COMPARE,
        type="string",
        enum=list(WHAT),
        values_display=WHAT,
        title="做什么 · What to do",
        section="做什么 · What to do",
    ),
    "fiscal_years": Param(
        None,
        type=["null", "array"],
        items={"type": "string", "pattern": r"^\d{4}$"},
        title="年度 · Fiscal years",
        description="每行一个，空为全部 · one a line; all when empty",
        section="重读哪些 · Which files",
    ),
    "divisions": Param(
        None, **WORDS, title="区划键 · Divisions", description="每行一个 · one a line", section="重读哪些 · Which files"
    ),
    "departments": Param(
        None,
        **WORDS,
        title="部门键 · Departments",
        description="每行一个 · one a line",
        section="重读哪些 · Which files",
    ),
    "versions": Param(
        None,
        **WORDS,
        title="报送版本 · Versions",
        description="报送版本标识，每行一个 · ids of versions, one a line",
        section="重读哪些 · Which files",
    ),
    "reasons": Param(
        None,
        **WORDS,
        examples=[code for code, row in reasons().items() if row["about"] == "content" and row["kind"] != "duplicate"],
        values_display={code: f"{code} {row['reason_zh'][:20]}" for code, row in reasons().items()},
        title="未收的原因 · Refused for",
        description="选了原因，就只重读因此未收的文件 · only files that were refused for it",
        section="重读哪些 · Which files",
    ),
    "is_forced": Param(
        False,
        type="boolean",
        title="已读过的也重读 · Also what the current reader has read",
        section="重读哪些 · Which files",
    ),
    "as_of": Param(
        None,
        type=["null", "string"],
        format="date",
        title="重建到哪一天 · Rebuild as of",
        description="只用于“按日期重建” · for a rebuild only",
        section="重建 · Rebuild",
    ),
    "publish": Param(
        False,
        type="boolean",
        title="重建后发布 · Publish the rebuild",
        description="不勾选则只建不发布 · private when not ticked",
        section="重建 · Rebuild",
    ),
}


@task(task_display_name="选取", doc_md="选取要重读的文件 · Choose what to read again")
def choose() -> list[dict[str, Any]]:
    """The batches, each as its run, moment and number."""
    from airflow.sdk.exceptions import AirflowSkipException

    from ingest.replay.selection import Selection
    from jiheng import replay

    context = get_current_context()
    params, run_id, moment = context["params"], str(context["run_id"]), datetime.now(UTC)
    if params["what"] == REBUILD:
        raise AirflowSkipException("按日期重建，不重读 · a rebuild reads nothing again")
    selection = Selection.from_json(params)
    for item in replay.listed(Settings.from_environment(), run_id, selection, moment):
        print(replay.item_line(item))  # noqa: T201
    if params["what"] == LIST:
        raise AirflowSkipException("只列出，见日志 · listed in the log")
    chosen = replay.choose(Settings.from_environment(), run_id, selection, moment)
    return [{"run_id": run_id, "moment": moment.isoformat(), "number": one} for one in chosen.batch_numbers()]


@task(
    task_display_name="重读",
    doc_md="重读一批 · Read one batch again",
    map_index_template="{{ batch_label }}",
    pool=READING_POOL,
)
def read_again(batch: dict[str, Any]) -> None:
    """Read one batch again."""
    from jiheng import replay

    get_current_context()["batch_label"] = f"第 {batch['number'] + 1} 批"  # type: ignore[typeddict-unknown-key]
    replay.read_batch(Settings.from_environment(), **_named(batch))


@task(
    task_display_name="入湖或比较",
    doc_md="入湖，或只比较 · Land what was read, or only compare",
    on_success_callback=TellOfficers(),
)
def finish(batches: list[dict[str, Any]]) -> list[str]:
    """Land the batches one after the other, or tell what landing them would change."""
    from jiheng import replay

    counts = []
    for batch in batches:
        if get_current_context()["params"]["what"] == COMPARE:
            found = replay.compare_batch(Settings.from_environment(), **_named(batch))
            counts += [{one.became: 1} for one in found]
            for one in filter(replay.is_news, found):
                print(replay.reread_line(one))  # noqa: T201
        else:
            counts.append(replay.land_batch(Settings.from_environment(), **_named(batch)))
    return replay.total_lines(counts)


@task(
    task_display_name="重建",
    doc_md="按日期重建 · Build as of a date",
    on_success_callback=TellOfficers(),
    pool=WAREHOUSE_POOL,
    execution_timeout=timedelta(hours=4),
)
def rebuild() -> dict[str, Any]:
    """Build as of the date, and publish where that was asked for."""
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

    from jiheng import replay
    from jiheng.publication import GateHeld

    context = get_current_context()
    params = context["params"]
    if params["what"] != REBUILD:
        raise AirflowSkipException("这次不重建 · no rebuild was asked for")
    if not params["as_of"]:
        raise AirflowFailException("请写明重建到哪一天 · say which day to rebuild as of")
    try:
        return replay.rebuild(Settings.from_environment(), str(context["run_id"]), params["as_of"], params["publish"])
    except GateHeld as held:
        raise AirflowFailException(f"门禁未通过，未发布 · the gate holds: {held}") from held


@dag(
    dag_id="replay",
    dag_display_name="重读与重建 replay",
    schedule=None,
    doc_md=DOC,
    **HABITS,
    on_failure_callback=tell_failed_run,
    default_args=task_habits("绩效管理处", DAY),
    params=FORM,
)
def replay() -> None:
    """Choose, read batch by batch, land or compare; or rebuild."""
    batches = choose()
    read_again.expand(batch=batches) >> finish(batches)
    rebuild()


def _named(batch: dict[str, Any]) -> dict[str, Any]:
    return {**batch, "moment": datetime.fromisoformat(batch["moment"])}


replay_dag = replay()
