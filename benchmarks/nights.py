"""Whole nights of a province, from files to the published edition: `python -m benchmarks.nights --reports 12000`.

A province is generated in text and Word, half of its reports coming twice, and three nights are run by the command:
one that reads it all, one on which nothing is new, and one with so many new reports as `--new` says, which were held
back until then. Told are the seconds of each night and of its steps, the highest memory of all its processes together
(proportional set size), and what a new report costs. The last line is JSON for programs; exit code 1 where a figure is
above its target. Several sizes in one run (`--reports 1000 12000`) show how the cost grows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.memory import Memory
from jiheng.settings import PROJECT_ROOT
from samples.generator import generate

# Departments of each division: with them 170 divisions file some 12,000 reports, in 18,000 versions.
DEPARTMENTS, ERRORS, SEED, MIX = 83, Decimal("0.3"), 5, "text-and-word"
REPORTS_A_DIVISION = Decimal(12_000) / 170
# A province-year's targets on two cores.
PROVINCE = 12_000
TARGETS = {"full": 900, "unchanged": 60, "new": 120}
MOST_MIB = 4096


def main() -> None:
    """Run the nights of each size, and tell them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, nargs="+", default=[1_000])
    parser.add_argument("--new", type=int, default=50)
    parser.add_argument("--keep", type=Path, help="a folder for provinces and homes, which stay there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        sizes = {str(reports): measure(folder / str(reports), reports, given.new) for reports in given.reports}
    sys.stdout.write(json.dumps({"sizes": sizes, "flatness": flatness(sizes)}) + "\n")
    sys.exit(any(above_target(int(reports), nights) for reports, nights in sizes.items()))


def measure(folder: Path, reports: int, new: int) -> dict[str, Any]:
    """The nights of a province with about so many reports."""
    province, home = folder / "province", folder / "home"
    divisions = max(1, round(reports / REPORTS_A_DIVISION))
    began = time.monotonic()
    generate(province, divisions, DEPARTMENTS, 1, ERRORS, SEED, MIX)
    made = {"generated_seconds": round(time.monotonic() - began, 1)}
    held_back = sorted((province / "inbox").iterdir())[-new:]
    aside = folder / "aside"
    aside.mkdir()
    for path in held_back:
        path.rename(aside / path.name)
    nights = {"full": night(province, home), "unchanged": night(province, home)}
    for path in sorted(aside.iterdir()):
        shutil.move(path, province / "inbox" / path.name)
    return made | nights | {"new": night(province, home)}


def night(province: Path, home: Path) -> dict[str, Any]:
    """One night by the real command: seconds in all and by step, memory, and what each new file cost."""
    places = ("--inbox", str(province / "inbox"), "--registers", str(province / "registers"))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIHENG_")}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "jiheng", "nightly", *places],
        cwd=PROJECT_ROOT,
        env=clean | {"JIHENG_HOME": str(home), "JIHENG_SETTLE_SECONDS": "0"},
        stdout=sys.stderr,
    )
    memory = Memory(process.pid)
    memory.start()
    if process.wait():
        raise RuntimeError(f"the night ended with {process.returncode}")
    seconds = time.monotonic() - began
    memory.ended.set()
    events = _events(home)
    files = next(event["new_files"] for event in events if event["step"] == "take_in")
    found = {
        "seconds": round(seconds, 1),
        "steps": {event["step"]: float(event["seconds"]) for event in events},
        "files": files,
        "peak_mib": round(max(memory.seen)),
        "peak_mib_of": {event["step"]: round(memory.most_between(*_lasted(event))) for event in events},
    }
    return found | ({"ms_a_file": round(1000 * seconds / files, 1)} if files else {})


def _events(home: Path) -> list[dict[str, Any]]:
    """What the steps of the newest run told at their ends."""
    newest = max((home / "runs").glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
    lines = (json.loads(line) for line in newest.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["event"] == "end"]


def _lasted(event: dict[str, Any]) -> tuple[datetime, datetime]:
    """From when to when a step lasted, as its end tells."""
    return datetime.fromisoformat(event["began_at"]), datetime.fromisoformat(event["at"])


def flatness(sizes: dict[str, dict[str, Any]]) -> dict[str, float]:
    """How many times as much a file of the full night costs as in the smallest province."""
    first = next(iter(sizes.values()))["full"]["ms_a_file"]
    return {reports: round(nights["full"]["ms_a_file"] / first, 2) for reports, nights in sizes.items()}


def above_target(reports: int, nights: dict[str, Any]) -> bool:
    """Whether a night took longer or more memory than a province of at most its year's reports may."""
    return reports <= PROVINCE and any(
        nights[name]["seconds"] > most or nights[name]["peak_mib"] > MOST_MIB for name, most in TARGETS.items()
    )


if __name__ == "__main__":
    main()
