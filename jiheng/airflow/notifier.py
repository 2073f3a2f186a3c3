"""What tells the officers after Airflow's tasks and runs, by its callbacks. The work is in `jiheng.notifying`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from airflow.sdk import BaseNotifier, Connection
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowTaskTimeout


class TellOfficers(BaseNotifier):
    """Sends whatever is news by the records, whichever task has ended and however it did. It never fails a task."""

    def notify(self, context: Any) -> None:  # noqa: ARG002
        """Send it; what failed before is tried again."""
        from jiheng.notifying import notify_quietly
        from jiheng.settings import Settings

        notify_quietly(Settings.from_environment(), datetime.now(UTC), connection)


class NoteTrouble(BaseNotifier):
    """Hands on why a task failed, so that the note of its run may tell it."""

    def notify(self, context: Any) -> None:
        """Keep the first line of the error. One that took too long is put on record: it is an alarm."""
        from jiheng.airflow.run_notes import TROUBLE
        from jiheng.settings import Settings

        if (error := context.get("exception")) is None:
            return
        told = str(error).partition("\n")[0][:300]
        if isinstance(error, AirflowTaskTimeout):
            from jiheng.watchdog import tell_of_timeout

            task = context["task"]
            minutes = int(task.execution_timeout.total_seconds()) // 60
            told = tell_of_timeout(Settings.from_environment(), task.task_display_name, minutes)
        context["ti"].xcom_push(TROUBLE, told)


def tell_failed_run(context: Any) -> None:
    """For a run that has failed: put that on record once, with all that failed in it, then send what is news.

    Airflow calls it when the run is over, however many tasks failed, and also when a worker was lost. It is a function,
    for the DAG that `airflow dags test` hands over cannot render a notifier's templates.
    """
    from jiheng.monitoring.failures import record
    from jiheng.notifying import notify_quietly
    from jiheng.settings import Settings

    settings, dag_id, run_id = Settings.from_environment(), context["dag"].dag_id, context["run_id"]
    if record(settings, dag_id, run_id, link_to(dag_id, run_id)):
        notify_quietly(settings, datetime.now(UTC), connection)


def link_to(dag_id: str, run_id: str) -> str:
    """The page of a run in Airflow."""
    root = conf.get("api", "base_url", fallback="http://localhost:8080").rstrip("/")
    return f"{root}/dags/{dag_id}/runs/{quote(run_id)}"


def connection(name: str) -> Mapping[str, Any]:
    """A connection as a task of Airflow gets it, from whatever keeps Airflow's secrets."""
    found = Connection.get(name)
    fields = ("host", "port", "schema", "login", "password")
    return {field: getattr(found, field) for field in fields} | {"extra": found.extra_dejson}
