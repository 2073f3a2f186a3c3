"""What the warehouse of a whole province-year costs: `python -m benchmarks.warehouse --reports 12000`.

Makes the lake (see `province_lake`), builds the warehouse, lets a night with some new reports follow, and runs the very
statements of the full build once more in DuckDB without dbt. Each is measured in a process of its own; prints JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.province_lake import ProvinceLake
from ingest.lake import Lake
from jiheng import warehouse
from jiheng.settings import Settings
from publish.warehouse import export_warehouse, table_digests

NEW_REPORTS = 50
SLOWEST = 15
THREADS, MEMORY = 2, "3GB"
VARIABLES = {"as_of": "2026-01-01T00:00:00+00:00", "as_of_day": "2025-12-31", "edition_id": "benchmark"}


def main() -> None:
    """Print seconds and peak memory as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=12_000)
    parser.add_argument("--keep", type=Path, help="a folder for the lake and the builds; used again when it has a lake")
    parser.add_argument("--digests", type=Path, help="write the digests of all tables there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_measured(given.keep or Path(folder), given.reports, given.digests), indent=1))


def _measured(folder: Path, reports: int, digests: Path | None) -> dict[str, object]:
    home = folder / "home"
    lake = ProvinceLake(folder / "seed" / "lake", Lake(home / "lake"))
    if not lake.lake.batches.exists():
        lake.make(folder, reports)
    counts = _counts(Settings(home))
    full = _alone(_built, home, "full")
    export = _alone(_exported, home, "full")
    artifacts = home / "dbt" / "target"
    slowest = _slowest(artifacts)
    direct = _alone(_run_directly, home, artifacts)
    with lake.another_night(NEW_REPORTS):
        next_night = _alone(_built, home, "next")
        next_export = _alone(_exported, home, "next")
    if digests:
        digests.write_text(json.dumps(table_digests(home / "full"), indent=1))
    return {
        "lake": counts,
        "full_build": full,
        "export": export,
        "direct_sql": direct,
        # The direct statements run one by one, dbt's two at a time: the processors' seconds tell dbt's own share.
        "dbt_to_direct": {name: round(full[name] / direct[name], 2) for name in ("seconds", "cpu_seconds")},
        "slowest_nodes": slowest,
        "next_night": next_night,
        "next_export": next_export,
    }


def _counts(settings: Settings) -> dict[str, int]:
    with duckdb.connect() as con:
        return {
            name: int(con.sql(f"select count(*) from '{settings.lake}/batches/*/{name}.parquet'").fetchall()[0][0])
            for name in ("submission_version", "claim", "finding")
        }


def _alone(work: Callable[..., Any], *given: object) -> dict[str, Any]:
    """Do the work in a new process: its seconds, the peak of its memory, and what it gives."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(_watched, work, given).result()


def _watched(work: Callable[..., Mapping[str, Any]], given: tuple[Any, ...]) -> dict[str, Any]:
    began = time.perf_counter()
    more = work(*given)
    seconds = round(time.perf_counter() - began, 1)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = round(used.ru_utime + used.ru_stime, 1)
    return {"seconds": seconds, "cpu_seconds": cpu, "peak_memory_mib": used.ru_maxrss // 1024, **more}


def _built(home: Path, name: str) -> dict[str, Any]:
    built = warehouse.build(Settings(home), home / name / "build.duckdb", VARIABLES)
    failures = [f"{failure.node}: {failure.message}" for failure in built.failures]
    return {"models": built.models, "tests": built.tests, "failures": failures}


def _exported(home: Path, name: str) -> dict[str, Any]:
    export_warehouse(home / name / "build.duckdb", home / name)
    return {"mib": (home / name / warehouse.WAREHOUSE).stat().st_size >> 20}


def _slowest(artifacts: Path) -> dict[str, float]:
    results = json.loads((artifacts / "run_results.json").read_text(encoding="utf-8"))["results"]
    slowest = sorted(results, key=lambda result: -result["execution_time"])[:SLOWEST]
    total = {"all nodes": round(sum(result["execution_time"] for result in results), 1)}
    return total | {result["unique_id"]: round(result["execution_time"], 1) for result in slowest}


def _run_directly(home: Path, artifacts: Path) -> dict[str, Any]:
    """The statements that dbt has run, one after the other in its order; its seeds are copied from its build."""
    results = json.loads((artifacts / "run_results.json").read_text(encoding="utf-8"))["results"]
    nodes = json.loads((artifacts / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    folder = home / "direct"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    config = {"memory_limit": MEMORY, "threads": THREADS, "temp_directory": str(folder / "tmp")}
    seconds = {}
    with duckdb.connect(str(folder / "build.duckdb"), config=config) as con:
        con.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        con.execute(f"attach '{home / 'full' / 'build.duckdb'}' as seeded (read_only)")
        con.execute("create schema intermediate; create schema staging")
        for node in (nodes[result["unique_id"]] for result in results if result["unique_id"] in nodes):
            began = time.perf_counter()
            _run_node(con, node, artifacts)
            seconds[node["name"]] = round(time.perf_counter() - began, 1)
    slowest = sorted(seconds.items(), key=lambda item: -item[1])[:SLOWEST]
    return {"statements": len(seconds), "slowest": dict(slowest)}


def _run_node(con: duckdb.DuckDBPyConnection, node: dict[str, Any], artifacts: Path) -> None:
    if node["resource_type"] == "seed":
        con.execute(f"create table main.{node['name']} as from seeded.main.{node['name']}")
        return
    path = artifacts / "run" / "jiheng" / node["original_file_path"]
    if node["resource_type"] == "test" and "test_metadata" in node:
        path = path / node["path"]
    statements = path.read_text(encoding="utf-8").replace("__dbt_tmp", "")
    if path.suffix == ".py":
        code: dict[str, Any] = {}
        exec(statements, code)  # the model's own code, as dbt runs it
        code["materialize"](code["model"](code["dbtObj"](con.table), con), con)
    else:
        con.execute(statements).fetchall()


if __name__ == "__main__":
    main()
