"""Writes how a run ended as its note, which the grid shows; the words are `jiheng.airflow.run_notes`.

A task cannot write its run's note, and Airflow's REST interface would need an account of its own. The scheduler calls
its listeners at the end of each run and commits what they have changed with the run's state.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, ClassVar

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

log = logging.getLogger(__name__)


@hookimpl
def on_dag_run_success(dag_run: Any, msg: str) -> None:  # noqa: ARG001
    """A run has ended well."""
    _write(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: Any, msg: str) -> None:  # noqa: ARG001
    """A run has failed, or was held by the gate."""
    _write(dag_run)


def _write(dag_run: Any) -> None:
    """Write the note. Whatever goes wrong with it is no matter of the run."""
    from sqlalchemy.orm import object_session

    from jiheng.airflow.run_notes import TROUBLE, note

    session = object_session(dag_run)
    if session is None:
        return  # `airflow dags test` shows its run nowhere
    try:
        tasks = {task.task_id: task.task_display_name for task in dag_run.get_dag().tasks}
        handed_on, failed = _seen(dag_run, session)
        results = {task: value for (task, key), value in handed_on.items() if key == "return_value"}
        troubles = {task: value for (task, key), value in handed_on.items() if key == TROUBLE and task in failed}
        names = [name for task, name in tasks.items() if task in failed]
        dag_run.note = note(dag_run.dag_id, results, troubles, names)
    except Exception:
        log.exception("没有写成运行备注 · the note of the run was not written")


def _seen(dag_run: Any, session: Any) -> tuple[dict[tuple[str, str], Any], set[str]]:
    """What the run's tasks have handed on, and which of them failed.

    Asked of the scheduler's own session, in which the run lies: a session of our own would end it.
    """
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    ours = TaskInstance.dag_id == dag_run.dag_id, TaskInstance.run_id == dag_run.run_id
    failed = set(session.scalars(select(TaskInstance.task_id).where(*ours, TaskInstance.state == "failed")))
    rows = session.scalars(XComModel.get_many(run_id=dag_run.run_id, dag_ids=dag_run.dag_id, map_indexes=-1))
    return {(one.task_id, one.key): XComModel.deserialize_value(one) for one in rows}, failed


class JihengRunNotes(AirflowPlugin):
    """Tells Airflow's scheduler of this listener."""

    name = "jiheng_run_notes"
    listeners: ClassVar = [sys.modules[__name__]]
