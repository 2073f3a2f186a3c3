"""What Airflow itself costs on one machine: `python -m benchmarks.airflow`.

A standalone Airflow is started in a home of its own. Measured are its start; a night on the sample province; a night on
which nothing is new, and how much of it is Airflow's: the run's wall time less the seconds of our own steps; the memory
of all its processes (proportional set size), idle and at its peak; and how long each DAG file takes to import.
The last line is JSON for programs; exit code 1 where a figure is above its target.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

import httpx

from benchmarks.memory import Memory
from jiheng.files import key_of
from jiheng.settings import PROJECT_ROOT

SAMPLE = PROJECT_ROOT / "samples" / "province"
NIGHT = "nightly_rankings"
# What the figures must not be above.
TARGETS = {"overhead_seconds": 30, "sample_night_seconds": 90, "peak_mib": 3072, "slowest_import_seconds": 1}
PATIENCE_SECONDS, IDLE_SECONDS = 600, 30
IMPORT = "import time, airflow.sdk; at = time.perf_counter(); import {}; print(time.perf_counter() - at)"


class Server:
    """A running Airflow, through its REST interface."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.client = home, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)

    def log_in(self) -> bool:
        """Whether it lets us in."""
        passwords = json.loads((self.home / "airflow" / "passwords.json").read_text())
        given = {"username": "admin", "password": passwords["admin"]}
        token = self.client.post("/auth/token", json=given).json()["access_token"]
        self.client.headers["Authorization"] = f"Bearer {token}"
        return bool(self.client.get("/api/v2/dags").json()["total_entries"])

    def runs(self, dag: str = NIGHT) -> list[dict[str, Any]]:
        """Its runs, the newest first."""
        found: list[dict[str, Any]] = self.client.get(f"/api/v2/dags/{dag}/dagRuns?order_by=-run_after").json()[
            "dag_runs"
        ]
        return found

    def pause(self, dag: str) -> None:
        """Let it begin no more runs."""
        self.client.patch(f"/api/v2/dags/{dag}", json={"is_paused": True}).raise_for_status()

    def is_quiet(self) -> bool:
        """Whether nothing runs that began by itself."""
        runs = [run for dag in (NIGHT, "intake", "watchdog", "housekeeping") for run in self.runs(dag)]
        return bool(self.runs()) and all(run["state"] in ("success", "failed") for run in runs)

    def night(self) -> dict[str, float]:
        """Trigger a night, wait for its end, and give its wall time and the seconds of our steps."""
        begun = self.client.post(f"/api/v2/dags/{NIGHT}/dagRuns", json={"logical_date": None}).json()["dag_run_id"]
        path = f"/api/v2/dags/{NIGHT}/dagRuns/{quote(begun)}"
        run = wait_for("the end of the night", lambda: _ended(self.client.get(path).json()))
        if run["state"] != "success":
            raise RuntimeError(f"the night ended with {run['state']}: {run['note']}")
        wall = (datetime.fromisoformat(run["end_date"]) - datetime.fromisoformat(run["queued_at"])).total_seconds()
        log = self.home / "runs" / f"{key_of(begun)}.jsonl"
        events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        return {"wall": wall, "steps": sum(float(one["seconds"]) for one in events if one["event"] == "end")}


def _ended(run: dict[str, Any]) -> dict[str, Any] | None:
    return run if run["state"] in ("success", "failed") else None


def wait_for(what: str, look: Callable[[], Any]) -> Any:
    """What is looked for, once it is there."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with suppress(httpx.HTTPError, OSError, KeyError, ValueError):
            if found := look():
                return found
        time.sleep(0.2)
    raise TimeoutError(f"{what}: not within {PATIENCE_SECONDS} s")


@contextmanager
def standalone(home: Path) -> Iterator[tuple[Server, Memory]]:
    """A standalone Airflow on a free port, and the memory it takes; both end with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = ("JIHENG_", "AIRFLOW", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    (home / "inbox").mkdir(parents=True)
    places = ["--inbox", str(home / "inbox"), "--registers", str(SAMPLE / "registers")]
    process = subprocess.Popen(
        [sys.executable, "-m", "jiheng", "airflow", *places],
        cwd=PROJECT_ROOT,
        env=clean | {"JIHENG_HOME": str(home), "JIHENG_AIRFLOW_PORT": str(port)},
        stdout=(home / "standalone.log").open("wb"),
        stderr=subprocess.STDOUT,
    )
    memory = Memory(process.pid)
    memory.start()
    try:
        yield Server(home, port), memory
    finally:
        memory.ended.set()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def import_seconds() -> dict[str, float]:
    """How long each DAG file takes to import where Airflow itself is imported already; the median of three."""
    found = {}
    for path in sorted((PROJECT_ROOT / "dags").glob("[a-z]*.py")):
        command = [sys.executable, "-c", IMPORT.format(f"dags.{path.stem}")]
        times = [
            float(
                subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, check=True, text=True).stdout.split()[-1]
            )
            for _ in range(3)
        ]
        found[path.stem] = round(median(times), 2)
    return found


def measure(home: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """All figures."""
    imports = import_seconds()
    say(f"import of DAG files: {imports}")
    began = time.monotonic()
    with standalone(home) as (server, memory):
        wait_for("its login", server.log_in)
        started = time.monotonic() - began
        say(f"up after {started:.1f} s, the first start, with its database made")
        wait_for("the end of what began by itself", server.is_quiet)
        server.pause("intake")  # which leaves a run that has begun where it is
        for path in (SAMPLE / "inbox").iterdir():
            shutil.copy(path, server.home / "inbox" / path.name)
        time.sleep(5)
        sample = server.night()
        say(f"the sample night: {sample}")
        unchanged = server.night()
        say(f"an unchanged night: {unchanged}")
        before = len(memory.seen)
        time.sleep(IDLE_SECONDS)
        idle, peak = median(memory.seen[before:]), max(memory.seen)
    return {
        "start_seconds": round(started, 1),
        "sample_night_seconds": round(sample["wall"], 1),
        "unchanged_night_seconds": round(unchanged["wall"], 1),
        "overhead_seconds": round(unchanged["wall"] - unchanged["steps"], 1),
        "idle_mib": round(idle),
        "peak_mib": round(peak),
        "slowest_import_seconds": max(imports.values()),
        "import_seconds": imports,
    }


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="work in this new folder and leave it")
    given = parser.parse_args()
    home = given.keep or Path(tempfile.mkdtemp(prefix="jiheng-airflow-"))
    found = measure(home, lambda line: print(line, file=sys.stderr, flush=True))
    if not given.keep:
        shutil.rmtree(home, ignore_errors=True)
    above = {name: found[name] for name, target in TARGETS.items() if found[name] > target}
    print(json.dumps(found | {"above_target": above}, ensure_ascii=False))
    sys.exit(1 if above else 0)


if __name__ == "__main__":
    main()
