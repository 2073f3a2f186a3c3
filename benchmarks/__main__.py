"""All benchmarks by one command: `python -m benchmarks --size province --to results.json`.

One after the other, each in a process of its own. What each prints as JSON goes into one file, with the machine and the
version of the program beside it. `small` takes some fifteen minutes and is what `make bench` runs; `province` is a
province-year, which takes hours, `growth` whole nights of three sizes. Exit code 1 where one failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from jiheng.files import write_json
from jiheng.identity import code_version
from jiheng.settings import PROJECT_ROOT

ALWAYS = ("narrative", "growth", "reading", "documents", "ranking", "airflow")
# What is run for each size, as one would type it.
RUNS = {
    "small": (
        *ALWAYS,
        "filing",
        "warehouse --reports 1400",
        "gate --reports 1400 --pages 100",
        "alternative --reports 300",
        "nights --reports 1000",
    ),
    "province": (
        *ALWAYS,
        "filing --minutes 3 --known 300",
        "warehouse",
        "gate",
        "faults",
        "alternative --reports 1000",
        "nights --reports 12000",
    ),
    "growth": ("nights --reports 1000 12000 48000",),
}


def main() -> None:
    """Run them all and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=RUNS, default="small")
    parser.add_argument("--to", type=Path, default=Path("var/benchmarks.json"))
    given = parser.parse_args()
    results: dict[str, Any] = {"machine": machine(), "size": given.size, "runs": {}}
    for named in RUNS[given.size]:
        results["runs"][named] = run(named)
        write_json(given.to, results)
        sys.stdout.write(f"{named}: {json.dumps(results['runs'][named], ensure_ascii=False)}\n")
        sys.stdout.flush()
    sys.stdout.write(f"已写 written: {given.to}\n")
    sys.exit(any(one["exit_code"] for one in results["runs"].values()))


def run(named: str) -> dict[str, Any]:
    """One benchmark: its exit code, how long it took in all, and what it told."""
    module, *arguments = named.split()
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *arguments],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    found = {"exit_code": ended.returncode, "seconds": round(time.monotonic() - began, 1)}
    return found | {"told": told_in(ended.stdout)}


def told_in(output: str) -> Any:
    """The last JSON that a benchmark wrote, in one line or in many; None where it wrote none."""
    lines = output.splitlines()
    begins = [number for number, line in enumerate(lines) if line.startswith("{")]
    for number in reversed(begins):
        try:
            return json.loads("\n".join(lines[number:]))
        except ValueError:
            continue
    return None


def machine() -> dict[str, Any]:
    """What the figures were taken on, and of which version of the program."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "processors": os.cpu_count(),
        "memory_gib": round(pages * size / 1024**3, 1),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "code_version": code_version(),
    }


if __name__ == "__main__":
    main()
