"""The same lake built on DuckDB, on Spark in one process and on a cluster of two workers: `python -m benchmarks.spark`.

Run it in Spark's environment (`.venv-spark/bin/python -m benchmarks.spark --reports 1400 12000`). Every build has all
models and no tests, in a process of its own; the tables of all three are digested and must be the same. Prints JSON:
seconds and the peak of memory of the process with all its children (a cluster's, too).
What is done is told on the way, too.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.province_lake import ProvinceLake
from ingest.lake import Lake
from jiheng import warehouse
from jiheng.settings import Settings
from jiheng.spark.cluster import Cluster
from publish.warehouse import table_digests

VARIABLES = {"as_of": "2026-01-01T00:00:00+00:00", "as_of_day": "2025-12-31", "edition_id": "benchmark"}
ENGINES = ("duckdb", "spark_session", "spark_cluster")
MEBIBYTE = 1 << 20


def main() -> None:
    """Print what every engine takes for every size of lake, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, nargs="+", default=[1_400, 12_000])
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--memory", default="4GB", help="of Spark in one process; two workers and the server share it")
    parser.add_argument("--tests", action="store_true", help="run the data tests too")
    parser.add_argument("--keep", type=Path, help="a folder for lakes and builds; used again when it has them")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.keep or Path(folder)
        measured = [_measured(place / str(reports), reports, given) for reports in given.reports]
    print(json.dumps({"processors": os.cpu_count(), "measured": measured}, indent=1))


def _measured(folder: Path, reports: int, given: argparse.Namespace) -> dict[str, Any]:
    home = folder / "home"
    lake = ProvinceLake(folder / "seed" / "lake", Lake(home / "lake"))
    if not lake.lake.batches.exists():
        lake.make(folder, reports)
    found: dict[str, Any] = {"lake": _size(home / "lake")}
    digests = {}
    for engine in given.engines:
        cluster = Cluster(home / "cluster") if engine == "spark_cluster" else None
        with cluster.running() if cluster else nullcontext():
            settings = {"engine": engine, "spark_memory": given.memory, "duckdb_memory": "3GB"}
            settings |= {"spark_remote": cluster.remote} if cluster else {}
            found[engine] = _alone(_built, home, settings, given.tests)
        digests[engine] = found[engine].pop("digests")
        print(json.dumps({"reports": reports, engine: found[engine]}), file=sys.stderr, flush=True)
    return found | {"same_tables": len({json.dumps(one) for one in digests.values()}) == 1}


def _size(lake: Path) -> dict[str, int]:
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        rows = {
            name: int(con.sql(f"select count(*) from '{lake}/batches/*/{name}.parquet'").fetchall()[0][0])
            for name in ("submission_version", "claim", "finding")
        }
    return rows | {"mib": sum(path.stat().st_size for path in lake.rglob("*.parquet")) // MEBIBYTE}


def _built(home: Path, settings: dict[str, Any], tests: bool) -> dict[str, Any]:
    path = home / settings["engine"] / "warehouse.duckdb"
    built = warehouse.build(Settings(home, **settings), path, VARIABLES, tests=tests)
    return {
        "models": built.models,
        "failures": [f"{failure.node}: {failure.message}" for failure in built.failures],
        "warehouse_mib": path.stat().st_size // MEBIBYTE,
    }


def _alone(work: Callable[..., dict[str, Any]], home: Path, settings: dict[str, Any], tests: bool) -> dict[str, Any]:
    """Do the work in a new process: its seconds, and what it, its children and a cluster beside it take at most."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one, _watched() as peak:
        began = time.perf_counter()
        found = one.submit(work, home, settings, tests).result()
        found["seconds"] = round(time.perf_counter() - began, 1)
    path = home / settings["engine"]
    return found | {"peak_memory_mib": peak[0] // MEBIBYTE, "digests": table_digests(path)}


@contextmanager
def _watched() -> Iterator[list[int]]:
    """The most memory that all processes begun from this one had at once, looked at twice a second; shared pages count
    once for each.
    """
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            peak[0] = max(peak[0], sum(_resident(process) for process in _descendants(os.getpid())))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _descendants(root: int) -> set[int]:
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue
    found = {root}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


if __name__ == "__main__":
    main()
