"""How far a build is: what dbt says of each model, written line by line while it builds, and read while it is written.

One file a night, `runs/<key>.models`. A line is whole or not there yet; a build that begins again begins a new file.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiheng.airflow.models import depths_of
from jiheng.files import key_of, write_text
from jiheng.settings import Settings

SUFFIX = ".models"
SUCCESS, FAILED, SKIPPED = "success", "failed", "skipped"
STATES = {"success": SUCCESS, "pass": SUCCESS, "skipped": SKIPPED}
# Of a message as long as a page, the beginning tells what is wrong; the rest stands in dbt's log.
LONGEST_MESSAGE = 1500
# Under its own name the file keeps what became of the whole build.
WHOLE = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a model, or of the whole build: its state, a sentence, seconds and, for a table, its rows."""

    state: str
    told: str
    seconds: float | None = None
    rows: int | None = None


def path_of(settings: Settings, run_id: str) -> Path:
    """Where the build of this night tells how far it is."""
    return settings.home / "runs" / f"{key_of(run_id)}{SUFFIX}"


NOTHING_NEW = Outcome(
    SKIPPED, "数据与现行期相同，无须建仓 · the data are those of the current edition: nothing to build"
)
NOT_REACHED = Outcome(SKIPPED, "建仓在此之前结束，本模型未建 · the build ended before this model")


@dataclass(frozen=True)
class Outcomes:
    """What became of the models so far, by their names and `WHOLE`, and when that was told last."""

    of: Mapping[str, Outcome]
    told_at: float

    def about(self, model: str) -> Outcome | None:
        """What became of a model, or of the `WHOLE`; None as long as it is not known."""
        whole = self.of.get(WHOLE)
        unbuilt = whole if whole is None or whole == NOTHING_NEW else NOT_REACHED
        return self.of.get(model, unbuilt)


def outcomes(settings: Settings, run_id: str = "") -> Outcomes:
    """What the build of a night has told; without a night, the one that told something last."""
    path = path_of(settings, run_id) if run_id else _newest(settings)
    try:
        return Outcomes(_read(path), path.stat().st_mtime) if path else Outcomes({}, 0.0)
    except FileNotFoundError:
        return Outcomes({}, 0.0)


def _newest(settings: Settings) -> Path | None:
    found = (settings.home / "runs").glob(f"*{SUFFIX}")
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)


def _read(path: Path) -> dict[str, Outcome]:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    events = [json.loads(line) for line in lines if line.endswith("\n")]
    found = {event["model"]: _of_model(event) for event in events if "model" in event}
    ends = [event for event in events if "model" not in event]
    if not ends:
        return found
    return found | {WHOLE: NOTHING_NEW if "nothing_new" in ends[-1] else _of_build(ends[-1], found)}


def _of_model(event: Mapping[str, Any]) -> Outcome:
    seconds, rows = event["seconds"], event["rows"]
    if event["state"] == SKIPPED:
        return Outcome(SKIPPED, "上游模型未建成，本模型跳过 · skipped, a model that it reads was not built")
    if event["state"] == FAILED:
        return Outcome(FAILED, f"未建成 · not built:\n{event['message']}", seconds)
    counted = "" if rows is None else f"，{rows:,} 行"
    if event["failed_tests"]:
        tests = "\n".join(f"{test['name']}: {test['message']}" for test in event["failed_tests"])
        told = f"已建成（{seconds:.2f} 秒{counted}），但检验未通过 · built, but these tests failed:\n{tests}"
        return Outcome(FAILED, told, seconds, rows)
    english = f"{seconds:.2f} s" + ("" if rows is None else f", {rows:,} rows")
    return Outcome(SUCCESS, f"已建成，{seconds:.2f} 秒{counted} · built, {english}", seconds, rows)


def _of_build(event: Mapping[str, Any], found: Mapping[str, Outcome]) -> Outcome:
    states = Counter(one.state for one in found.values())
    failed = sorted(name for name, one in found.items() if one.state == FAILED)
    good, bad, skipped = states[SUCCESS], states[FAILED], states[SKIPPED]
    told = f"{good} 个模型已建成并通过检验，{bad} 个未通过，{skipped} 个跳过"
    told += f" · {good} built and tested, {bad} failed, {skipped} skipped"
    for line in (*failed, event["message"]):
        told += f"\n{line}" if line else ""
    return Outcome(FAILED if failed or event["message"] else SUCCESS, told, event["seconds"])


def nothing_to_build(settings: Settings, run_id: str) -> None:
    """Tell those who wait for the models of a night that none will be built."""
    write_text(path_of(settings, run_id), json.dumps({"nothing_new": True}) + "\n")


@contextmanager
def told(path: Path, manifest: Path) -> Iterator[Progress]:
    """A callback for dbt that tells in `path` how far the build is; whatever ends the build ends the file too."""
    progress, began = Progress(path, manifest), time.perf_counter()
    try:
        yield progress
    except BaseException as error:
        progress.end(time.perf_counter() - began, f"{type(error).__name__}: {error}")
        raise
    progress.end(time.perf_counter() - began)


class Progress:
    """A callback for dbt that writes the file. No trouble here may fail a model: a line is missing then."""

    def __init__(self, path: Path, manifest: Path) -> None:
        self.path, self.manifest = path, manifest
        self.alone = threading.Lock()
        # By model: the tests that are still to come, those that failed, and what dbt said of the model itself.
        self.awaited: dict[str, set[str]] = {}
        self.failed: dict[str, list[dict[str, str]]] = {}
        self.finished: dict[str, dict[str, Any]] = {}
        self.model_of: dict[str, str] = {}
        with suppress(OSError):
            write_text(path, "")

    def __call__(self, message: Any) -> None:
        """An event of dbt, from whichever of its threads. Only the end of a model or a test is of interest."""
        if message.info.name != "NodeFinished":
            return
        node, result = message.data.node_info, message.data.run_result
        with self.alone, suppress(OSError):
            if not self.awaited:
                self._know_tests()
            if node.resource_type == "model":
                self.finished[node.node_name] = _finished(node, result)
                self._write_if_done(node.node_name)
            elif node.unique_id in self.model_of:
                self._test_finished(self.model_of[node.unique_id], node, result)

    def end(self, seconds: float, message: str = "") -> None:
        """The build is over; `message` says what kept dbt from it, if anything did."""
        with self.alone, suppress(OSError):
            for name in list(self.finished):
                self.awaited[name] = set()
                self._write_if_done(name)
            self._write({"seconds": round(seconds, 2), "message": _short(message)})

    def _know_tests(self) -> None:
        """Which tests belong to which model. One that looks at several is shown at the last of them to be built."""
        manifest = json.loads(self.manifest.read_text(encoding="utf-8"))
        depths = depths_of(manifest)
        self.awaited = {name: set() for name in depths}
        for key, node in manifest["nodes"].items():
            if node["resource_type"] != "test":
                continue
            names = [parent.rpartition(".")[2] for parent in node["depends_on"]["nodes"] if parent.startswith("model.")]
            attached = str(node.get("attached_node") or "")
            if attached.startswith("model."):
                self.model_of[key] = attached.rpartition(".")[2]
            elif names:
                self.model_of[key] = max(names, key=lambda name: (depths[name], name))
            if key in self.model_of:
                self.awaited[self.model_of[key]].add(key)

    def _test_finished(self, model: str, node: Any, result: Any) -> None:
        if result.status not in STATES:
            said = {"name": node.node_name, "message": _short(result.message)}
            self.failed.setdefault(model, []).append(said)
        self.awaited[model].discard(node.unique_id)
        self._write_if_done(model)

    def _write_if_done(self, model: str) -> None:
        if model in self.finished and not self.awaited[model]:
            tests = sorted(self.failed.get(model, ()), key=lambda test: test["name"])
            self._write(self.finished.pop(model) | {"failed_tests": tests})

    def _write(self, event: Mapping[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(event, ensure_ascii=False) + "\n")


def _finished(node: Any, result: Any) -> dict[str, Any]:
    state = STATES.get(result.status, FAILED)
    return {
        "model": node.node_name,
        "state": state,
        "seconds": round(result.execution_time, 2),
        "rows": _rows(node.node_relation) if state == SUCCESS and node.materialized != "view" else None,
        "message": _short(result.message) if state == FAILED else "",
    }


def _rows(relation: Any) -> int | None:
    """How many rows a table has, which DuckDB knows without counting; asked over the connection that dbt holds."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    sql = "SELECT estimated_size FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?"
    with DuckDBConnectionManager.env().conn.cursor() as cursor:
        found = cursor.execute(sql, [relation.schema, relation.alias]).fetchone()
    return int(found[0]) if found else None


def _short(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"
