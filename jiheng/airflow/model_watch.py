"""dbt's models as tasks of Airflow without a process: each waits in the triggerer until the build has told of it.

A process for each of some hundred and fifty models would cost a night more than its build
(docs/decisions/0042-models-in-airflow.md).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseOperator
from airflow.triggers.base import (
    BaseTrigger,
    StartTriggerArgs,
    TaskFailedEvent,
    TaskSkippedEvent,
    TaskSuccessEvent,
    TriggerEvent,
)

from jiheng import progress
from jiheng.progress import Outcome
from jiheng.settings import Settings

EVENTS = {progress.SUCCESS: TaskSuccessEvent, progress.FAILED: TaskFailedEvent, progress.SKIPPED: TaskSkippedEvent}
# Airflow starts a process for what follows each handful of ends: they are gathered for so long.
LOOK_SECONDS = 3.0
# A build tells of a model every few seconds, in a large province every few minutes. Whoever was killed tells nothing.
PATIENCE_SECONDS = 2 * 60 * 60
# Longer than any build: Airflow ends the task where its trigger does not.
GIVEN_UP_AFTER = timedelta(hours=12)
GIVEN_UP = Outcome(progress.SKIPPED, "建仓两小时没有消息，不再等待 · no word of the build for two hours, given up")
# The next look at the build of a night, which all who wait for it in this process share.
_looks: dict[str, asyncio.Task[progress.Outcomes]] = {}


class ModelTrigger(BaseTrigger):
    """Waits until the build of a night has told what became of a model, and ends the task accordingly."""

    def __init__(self, model: str, night: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.model, self.night = model, night

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """How Airflow's triggerer makes it again."""
        return ("jiheng.airflow.model_watch.ModelTrigger", {"model": self.model, "night": self.night})

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look until the model is told of, or nothing has been told for too long."""
        began = time.time()
        found: Outcome | None = None
        while found is None:
            # One who no longer waits does not end the look of the others.
            seen = await asyncio.shield(_next_look(self.night))
            found = seen.about(self.model)
            if found is None and time.time() - max(seen.told_at, began) > PATIENCE_SECONDS:
                found = GIVEN_UP
        say = self.log.error if found.state == progress.FAILED else self.log.info
        say(found.told)
        yield EVENTS[found.state](xcoms={"return_value": asdict(found)})


class ModelTask(BaseOperator):
    """A model of dbt, or the whole build, of the night that its run is about; a run started by hand shows the newest.

    All of a run's tasks wait at once, whatever the arrows between them: what follows from a failure is for dbt to say.
    """

    template_fields = ("night",)
    start_from_trigger = True

    def __init__(self, *, model: str, **further: Any) -> None:
        super().__init__(trigger_rule="always", execution_timeout=GIVEN_UP_AFTER, **further)
        self.model = model
        self.night = "{{ dag_run.partition_key or '' }}"
        self.start_trigger_args = StartTriggerArgs(
            trigger_cls="jiheng.airflow.model_watch.ModelTrigger",
            trigger_kwargs={"model": model, "night": self.night},
            next_method="execute",
        )


def _next_look(night: str) -> asyncio.Task[progress.Outcomes]:
    look = _looks.get(night)
    if look is None or look.done():
        look = _looks[night] = asyncio.create_task(_look(night))
    return look


async def _look(night: str) -> progress.Outcomes:
    """Look in a thread: a share on the network may answer late."""
    await asyncio.sleep(LOOK_SECONDS)
    settings = Settings.from_environment()
    return await asyncio.to_thread(progress.outcomes, settings, night)
