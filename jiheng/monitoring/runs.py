"""What runs did, step by step: a line as a step begins and one as it ends, in `runs/`; read back as rows and as SQL.

It lies beside the editions, never in one: an edition is made of the lake alone, and seconds differ from run to run.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jiheng.files import key_of
from jiheng.settings import Settings

# Where Airflow's run is told to write; without it each run has a file of its own.
LOG_VARIABLE = "JIHENG_RUN_LOG"
TABLE = "fct_run_step"
# What people read in place of a step's code, on every screen and in Airflow; in the order of the night.
STEPS = {
    "take_in": "收件归档",
    "share_out": "分批",
    "read_and_check": "阅读检查",
    "land": "入湖",
    "build_warehouse": "建仓",
    "evaluate_gate": "门禁",
    "publish_edition": "发布",
}
# Steps that put themselves on record; sharing out notes nothing, and a replay begins without taking anything in.
NOTED = tuple(name for name in STEPS if name != "share_out")
ENDINGS = {"end": "完成", "held": "拦截", "failed": "失败", "begun": "未结束"}
NAMES = {**STEPS, "begin": "开始"}
# A line of a run as a whole, beside those of its steps.
RUN_FAILED = "run_failed"
# An alarm for the operator alone: it is no part of the log of publication.
ALARM, ALARM_LOG = "alarm", "alarms.jsonl"
ENDS = ("end", "held", "failed")
# What every line has; all else that an ending says are the step's counts.
ABOUT = ("run_id", "step", "event", "at", "began_at", "seconds", "error", "code")
COLUMNS = """
  run_id VARCHAR, step VARCHAR, outcome VARCHAR, began_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, seconds DECIMAL(12, 1),
  code VARCHAR, error VARCHAR, counts JSON
"""


@dataclass(frozen=True)
class RunStep:
    """One try of one step: `outcome` is end, held, failed, or begun where no end was written (running, or killed)."""

    run_id: str
    step: str
    outcome: str
    began_at: datetime
    ended_at: datetime | None
    seconds: str | None
    code: str | None
    error: str | None
    counts: dict[str, Any] = field(hash=False)


@dataclass
class Noted:
    """A step whose beginning is written; `end` writes how it ended."""

    log: Path
    about: Mapping[str, str]
    began: float = field(default_factory=time.perf_counter)

    def end(self, event: str, told: Mapping[str, Any]) -> None:
        """Write the end: end, held or failed, with its seconds and what else there is to tell."""
        seconds = f"{time.perf_counter() - self.began:.1f}"
        _append(self.log, {**self.about, "event": event, "at": _now(), "seconds": seconds, **told})


def begin(settings: Settings, run_id: str, step: str) -> Noted:
    """Write that a step begins."""
    began_at = _now()
    about = {"step": step, "run_id": run_id, "began_at": began_at}
    noted = Noted(log_of(settings, run_id), about)
    _append(noted.log, {"step": step, "event": "begin", "run_id": run_id, "at": began_at})
    return noted


def log_of(settings: Settings, run_id: str) -> Path:
    """The file of a run."""
    return Path(os.environ.get(LOG_VARIABLE) or settings.home / "runs" / f"{key_of(run_id)}.jsonl")


def note_failure(settings: Settings, run_id: str, facts: Mapping[str, Any]) -> None:
    """Write that a run has failed as a whole, once however many of its tasks did."""
    if not any(line["run_id"] == run_id for line in failures(settings)):
        _append(log_of(settings, run_id), {"event": RUN_FAILED, "run_id": run_id, "at": _now(), **facts})


def failures(settings: Settings) -> list[dict[str, Any]]:
    """The runs that failed as a whole, oldest first."""
    found = [line for _, line in _lines(settings) if line.get("event") == RUN_FAILED]
    return sorted(found, key=lambda line: (line["at"], line["run_id"]))


def note_alarm(settings: Settings, kind: str, why: list[str]) -> None:
    """Write down an alarm for the operator alone."""
    _append(settings.home / "runs" / ALARM_LOG, {"event": ALARM, "kind": kind, "why": why, "at": _now()})


def alarms(settings: Settings) -> list[dict[str, Any]]:
    """The alarms for the operator alone, oldest first."""
    return [line for _, line in _lines(settings) if line.get("event") == ALARM]


def steps(settings: Settings) -> list[RunStep]:
    """Every step of every run that is kept, in order of beginning. Logs of older programs bear their file's time."""
    open_, found = {}, []
    for path, line in _lines(settings):
        if line.get("event") == "begin":
            at = datetime.fromisoformat(line["at"]) if "at" in line else _touched(path)
            open_[path, line["step"], line.get("at")] = RunStep(
                line["run_id"], line["step"], "begun", at, None, None, None, None, {}
            )
        elif line.get("event") in ENDS:
            begun = open_.pop((path, line["step"], line.get("began_at")), None)
            found.append(_ended(path, line, begun))
    return sorted([*found, *open_.values()], key=lambda one: (one.began_at, one.run_id, one.step))


def write_table(settings: Settings, database: Path) -> None:
    """All steps as the table `fct_run_step` of a DuckDB file, for `jiheng query --runs`."""
    import duckdb

    rows = [astuple(one) for one in steps(settings)]
    values = [[*row[:-1], json.dumps(row[-1], ensure_ascii=False, default=str)] for row in rows]
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create table {TABLE} ({COLUMNS})")
        if values:
            marks = ", ".join("?" for _ in fields(RunStep))
            connection.executemany(f"insert into {TABLE} values ({marks})", values)


def _ended(path: Path, line: Mapping[str, Any], begun: RunStep | None) -> RunStep:
    ended = datetime.fromisoformat(line["at"]) if "at" in line else _touched(path)
    began = begun.began_at if begun else ended
    run_id = str(line.get("run_id") or (begun.run_id if begun else path.stem))
    counts = {key: value for key, value in line.items() if key not in ABOUT}
    about = (line["event"], began, ended, line.get("seconds"), line.get("code"), line.get("error"))
    return RunStep(run_id, line["step"], *about, counts)


def _lines(settings: Settings) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every whole line; one that a kill cut short is no record."""
    for path in sorted((settings.home / "runs").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                yield path, json.loads(line)
            except ValueError:
                continue


def _touched(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _append(log: Path, line: Mapping[str, Any]) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
