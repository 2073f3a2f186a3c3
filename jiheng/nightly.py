"""`jiheng nightly`: run the DAG `nightly_rankings` once, show each step as it goes, and say how the night ended."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jiheng import notifying
from jiheng.airflow import installation
from jiheng.backups import before_upgrade
from jiheng.files import key_of
from jiheng.monitoring.runs import ABOUT, NAMES
from jiheng.settings import PROJECT_ROOT, Settings
from jiheng.troubles import check_writable, trouble_of

MARKS = {"end": "✓", "held": "✋", "failed": "✗"}
POLL_SECONDS = 0.1
# One process runs every task, so that sharing the reading out gains nothing.
IN_ONE_PROCESS = {"JIHENG_READING_BATCH": "0"}


@dataclass(frozen=True)
class NightResult:
    """How a night ended: published, unchanged, held or failed; the counts that the last step noted; the log."""

    outcome: str
    facts: dict[str, Any]
    log: Path

    @property
    def exit_code(self) -> int:
        """0 published or unchanged, 3 held or taken back before, 1 failed."""
        return {"published": 0, "unchanged": 0, "overtaken": 0, "held": 3, "withdrawn": 3}.get(self.outcome, 1)


def run_night(settings: Settings, say: Callable[[str], None]) -> NightResult:
    """Run one night through Airflow; `say` gets a line for each step."""
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    log = settings.home / "logs" / f"nightly-{name}.log"
    run_log = settings.home / "runs" / f"nightly-{name}.jsonl"
    if not (settings.airflow_home / "migrated").exists():
        say("准备 Airflow 数据库（只在第一次） · preparing Airflow's database, this first time only")
    check_writable(settings.home)
    installation.prepare(settings, log)
    say("启动 DAG nightly_rankings · starting the DAG")
    began = datetime.now(UTC)
    events = list(_watch(settings, log, run_log, say))
    events += _done_by_the_scheduler(settings, events, say)
    result = _result(settings, events, log)
    return replace(result, facts={**result.facts, "notices": notifying.said_since(settings, began)})


def _watch(settings: Settings, log: Path, run_log: Path, say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Run the DAG in a process beside this one and give the events of its steps as they are written."""
    for path in (log, run_log):
        path.parent.mkdir(parents=True, exist_ok=True)
    run_log.touch()
    environment = installation.environment(settings) | {"JIHENG_RUN_LOG": str(run_log)} | IN_ONE_PROCESS
    command = [sys.executable, "-m", "jiheng.airflow.in_front", "nightly_rankings"]
    with log.open("ab") as output, run_log.open(encoding="utf-8") as stream:
        process = subprocess.Popen(command, env=environment, cwd=PROJECT_ROOT, stdout=output, stderr=output)
        try:
            while True:
                ended = process.poll() is not None
                for line in stream:
                    event = json.loads(line)
                    _show(event, say)
                    yield event
                if ended:
                    return
                time.sleep(POLL_SECONDS)
        finally:
            process.terminate()
            process.wait()


def _done_by_the_scheduler(
    settings: Settings, events: list[dict[str, Any]], say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Steps of this run that the scheduler of an Airflow which runs beside has taken; they have a log of their own."""
    run_id = next((str(event["run_id"]) for event in events if "run_id" in event), None)
    path = settings.home / "runs" / f"{key_of(run_id)}.jsonl" if run_id else None
    if path is None or not path.exists():
        return []
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for event in found:
        _show(event, say)
    return found


def _show(event: dict[str, Any], say: Callable[[str], None]) -> None:
    if event["event"] not in MARKS:
        return
    mark = MARKS[event["event"]]
    told = {key: value for key, value in event.items() if key not in (*ABOUT, "holding")}
    words = ", ".join(
        f"{key} {value}" for key, value in told.items() if value is not None and key not in ("held", "site")
    )
    words = event.get("error") or words
    say(f"  {mark} {NAMES[event['step']]} {event['step']} {event['seconds']} s  {words}")


def _result(settings: Settings, events: list[dict[str, Any]], log: Path) -> NightResult:
    last = next((event for event in reversed(events) if "step" in event), {})
    if last.get("event") == "held" or (last.get("step"), last.get("event")) == ("publish_edition", "end"):
        return NightResult(str(last["publication"]), last, log)
    return NightResult("failed", {**_trouble(settings, log), **last}, log)


def _trouble(settings: Settings, log: Path) -> dict[str, str]:
    """Why a night failed that could not even write its reason down."""
    try:
        check_writable(settings.home)
        before_upgrade.check_not_older(log)
    except OSError as error:
        trouble = trouble_of(error)
        if trouble is None:
            return {"error": str(error)}
        return {"error": f"{trouble}；{trouble.kind.remedy}", "code": trouble.kind.code}
    except before_upgrade.OlderMetadataError as error:
        return {"error": str(error), "code": error.code}
    return {}
