"""Triggers that await a model: all of a night share one reader, each ends as dbt said, none waits for ever."""

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from jiheng import progress
from jiheng.airflow import model_watch
from jiheng.airflow.model_watch import ModelTrigger
from jiheng.settings import Settings

NIGHT = "manual__2026-03-31"
ABOUT: dict[str, Any] = {"seconds": 0.1, "rows": 3, "message": "", "failed_tests": []}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    monkeypatch.setattr(model_watch, "LOOK_SECONDS", 0.01)
    found = progress.path_of(Settings(tmp_path.resolve()), NIGHT)
    found.parent.mkdir(parents=True)
    return found


def _run(what: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: browser tests in this process leave a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what).result()


async def _end_of(model: str) -> tuple[str, Any]:
    [event] = [event async for event in ModelTrigger(model, NIGHT).run()]
    return str(event.task_instance_state), event.xcoms["return_value"]  # type: ignore[attr-defined]


def test_each_model_ends_as_it_is_told_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    look = progress.outcomes
    monkeypatch.setattr(progress, "outcomes", lambda *about: looks.append(about) or look(*about))

    async def night() -> list[tuple[str, Any]]:
        waiting = [asyncio.create_task(_end_of(model)) for model in ("good", "bad", "never_reached", progress.WHOLE)]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in waiting)
        before = len(looks)
        assert before < 10, "four triggers look as often as one"
        events: list[dict[str, Any]] = [
            {"model": "good", "state": "success", **ABOUT},
            {"model": "bad", "state": "failed", **ABOUT, "message": "Binder Error"},
            {"seconds": 2.0, "message": ""},
        ]
        path.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
        return await asyncio.gather(*waiting)

    good, bad, never_reached, whole = _run(night())
    assert good[0] == "success" and good[1]["rows"] == 3 and good[1]["seconds"] == 0.1
    assert bad[0] == "failed" and "Binder Error" in bad[1]["told"]
    assert never_reached[0] == "skipped"
    assert whole[0] == "failed" and "bad" in whole[1]["told"]


def test_a_build_that_says_no_more_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_watch, "PATIENCE_SECONDS", 0.05)
    assert not path.exists()
    state, told = _run(_end_of("any"))
    assert state == "skipped" and "不再等待" in told["told"]
