"""How long a sender waits for the receipt in the busiest hour: files dropped at a pace, taken in by the intake DAG.

`python -m benchmarks.filing --per-hour 600 --minutes 5 --known 400` starts Airflow with scheduler and triggerer on a
made-up province, lets it take in the known reports, then drops further ones one by one and looks for their receipts.
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
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from ingest.receipts import folder_of
from jiheng.settings import PROJECT_ROOT
from samples.generator import generate

DEPARTMENTS = 8
PATIENCE_SECONDS = 900
# How long after the last file its receipt is waited for.
AFTER_SECONDS = 180


def main() -> None:
    """Print the waiting times as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-hour", type=int, default=600)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--known", type=int, default=400)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_measured(Path(folder), given.per_hour, given.minutes, given.known), indent=1))


def _measured(home: Path, per_hour: int, minutes: float, known: int) -> dict[str, object]:
    count = round(per_hour * minutes / 60)
    reports, inbox = _province(home, known + count), home / "inbox"
    for path in reports[:known]:
        path.replace(inbox / path.name)
    waiting = reports[known : known + count]
    with _airflow(home):
        began = time.monotonic()
        _wait_for(home, [path.name for path in inbox.iterdir()], PATIENCE_SECONDS)
        taken_in = time.monotonic() - began
        dropped: dict[str, float] = {}
        seconds: dict[str, float] = {}
        start = time.monotonic()
        while len(seconds) < count and time.monotonic() < start + minutes * 60 + AFTER_SECONDS:
            due = min(count, int((time.monotonic() - start) * per_hour / 3600) + 1)
            for path in waiting[len(dropped) : due]:
                path.replace(inbox / path.name)
                dropped[path.name] = time.monotonic()
            for name in dropped.keys() - seconds.keys():
                if _has_receipt(home, name):
                    seconds[name] = time.monotonic() - dropped[name]
            time.sleep(0.2)
    waited = sorted(seconds.values())
    return {
        "files": count,
        "receipts": len(waited),
        "per_hour": per_hour,
        "known_before": known,
        "known_taken_in_seconds": round(taken_in),
        "waited_seconds": {
            "median": round(waited[len(waited) // 2], 1),
            "95 of 100": round(waited[int(len(waited) * 0.95)], 1),
            "longest": round(waited[-1], 1),
        },
    }


def _province(home: Path, count: int) -> list[Path]:
    """Reports of a made-up province (text and Word) beside an empty inbox, in order of their names."""
    made = home / "province"
    # A third more than are needed: some are forms or PDF files.
    generate(made, -(-count * 4 // (3 * DEPARTMENTS)), DEPARTMENTS, 1, Decimal("0.34"), 5)
    reports = sorted(path for path in (made / "inbox").iterdir() if path.suffix in (".txt", ".docx"))
    shutil.copytree(made / "registers", home / "registers")
    (home / "inbox").mkdir()
    return reports


@contextmanager
def _airflow(home: Path) -> Iterator[None]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"JIHENG_HOME": str(home), "JIHENG_AIRFLOW_PORT": str(port)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "jiheng", "airflow", "--inbox", str(home / "inbox")]
    with (home / "airflow.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _wait_for(home: Path, names: list[str], patience: float) -> None:
    end = time.monotonic() + patience
    while not all(_has_receipt(home, name) for name in names):
        if time.monotonic() > end:
            raise TimeoutError(f"no receipts within {patience} s; see {home / 'airflow.log'}")
        time.sleep(1)


def _has_receipt(home: Path, name: str) -> bool:
    folder = folder_of(home / "receipts", name)
    return folder.is_dir() and any(folder.glob("*.html"))


if __name__ == "__main__":
    main()
