"""The DAG and plugin files: they import without errors and heavy libraries, and wire the steps in their order."""

import json
import os
import subprocess
import sys
from itertools import pairwise

import pytest

from ingest.upload.app import URL_PREFIX
from jiheng.airflow.installation import environment
from jiheng.airflow.pools import READING_POOL, WAREHOUSE_POOL, pools
from jiheng.settings import PROJECT_ROOT, Settings

HEAVY = ("pandas", "duckdb", "great_expectations", "dbt", "pyarrow")
# Airflow itself apart, a file is there in a moment: what it imports of ours is counted, not timed.
MODULES_OF_OURS = 38
LOOK = """
import importlib, sys, json
sys.path[:0] = ["dags", "plugins"]
import airflow.sdk
import jiheng_upload, jiheng_run_notes
upload = [name for name in ("fastapi", "ingest.upload.app") if name in sys.modules]
found = {name: getattr(importlib.import_module(name), name + "_dag") for name in %r}
heavy = [name for name in %r if name in sys.modules]
rooms = ("jiheng", "ingest", "publish", "expectations", "ranking")
ours = [name for name in sys.modules if name.partition(".")[0] in rooms]
dags = {name: {
    "edges": {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks},
    "doc": dag.doc_md, "catchup": dag.catchup, "tags": sorted(dag.tags), "at_once": dag.max_active_runs,
    "name": dag.dag_display_name,
    "owners": sorted({task.owner for task in dag.tasks}),
    "tasks": {task.task_id: {
        "name": task.task_display_name, "doc": task.doc_md, "pool": task.pool, "priority": task.priority_weight,
        "timeout": task.execution_timeout and task.execution_timeout.total_seconds(),
        "waits": task.task_type == "HITLOperator" and task.response_timeout.total_seconds(),
        "links": [link.name for link in task.operator_extra_links],
    } for task in dag.tasks},
} for name, dag in found.items()}
prefix = jiheng_upload.JihengUpload.fastapi_apps[0]["url_prefix"]
print(json.dumps({"upload": upload, "prefix": prefix, "heavy": heavy, "ours": ours, "dags": dags}))
"""
DAGS = sorted(path.stem for path in (PROJECT_ROOT / "dags").glob("[a-z]*.py"))
# What writes where one may write at a time, and what reads.
WRITES = {
    "nightly_rankings": {"build_warehouse", "evaluate_gate", "publish_edition"},
    "held_edition": {"act"},
    "replay": {"rebuild"},
    "housekeeping": {"keep_house", "clear_leftovers"},
}
READS = {"read_and_check", "read_again"}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict:
    home = tmp_path_factory.mktemp("home")
    clean = environment(Settings(home)) | {"JIHENG_HOME": str(home)}
    ran = subprocess.run(
        [sys.executable, "-c", LOOK % (DAGS, HEAVY)],
        cwd=PROJECT_ROOT,
        env=clean | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])


def test_the_dags_import_light(seen: dict) -> None:
    assert seen["heavy"] == []
    assert len(seen["ours"]) <= MODULES_OF_OURS, seen["ours"]


def test_the_plugin_names_the_upload_and_makes_it_later(seen: dict) -> None:
    assert seen["upload"] == [] and seen["prefix"] == URL_PREFIX


def test_the_steps_stand_in_their_order(seen: dict) -> None:
    edges = seen["dags"]["nightly_rankings"]["edges"]
    order = [
        *("take_in", "share_out", "read_and_check", "land", "build_warehouse", "evaluate_gate", "publish_edition"),
    ]
    for earlier, later in pairwise(order):
        assert later in edges[earlier]
    assert edges["publish_edition"] == []


def test_nobody_is_asked_before_it_is_told_why(seen: dict) -> None:
    edges = seen["dags"]["held_edition"]["edges"]
    assert edges == {"explain": ["act", "ask"], "ask": ["act"], "act": []}


@pytest.mark.parametrize("name", DAGS)
def test_a_dag_tells_what_it_does_in_both_languages(seen: dict, name: str) -> None:
    dag = seen["dags"][name]
    title = dag["doc"].strip().splitlines()[0]
    assert " · " in title and len(dag["doc"]) > 100 and dag["name"].endswith(f" {name}")
    assert (dag["catchup"], dag["at_once"], dag["tags"]) == (False, 1, ["jiheng", "绩衡"])
    assert dag["owners"] and "airflow" not in dag["owners"]


@pytest.mark.parametrize("name", DAGS)
def test_each_task_has_a_name_a_text_an_end_and_its_pool(seen: dict, name: str) -> None:
    """A task that ends never is no task: one that waits for a person has its own patience."""
    for task_id, task in seen["dags"][name]["tasks"].items():
        assert task["name"] != task_id and " · " in task["doc"], task_id
        assert task["timeout"] or task["waits"], task_id
        expected = WAREHOUSE_POOL if task_id in WRITES.get(name, ()) else "default_pool"
        assert task["pool"] == (READING_POOL if task_id in READS else expected), task_id


def test_every_pool_that_a_task_names_is_made(seen: dict) -> None:
    named = {task["pool"] for dag in seen["dags"].values() for task in dag["tasks"].values()}
    assert named == {*pools(Settings.from_environment()), "default_pool"}
    assert pools(Settings.from_environment())[WAREHOUSE_POOL]["slots"] == 1


def test_the_night_goes_before_the_day(seen: dict) -> None:
    weights = {name: {task["priority"] for task in dag["tasks"].values()} for name, dag in seen["dags"].items()}
    assert min(weights["nightly_rankings"]) > max(weights["intake"])


def test_a_night_links_to_its_receipts_its_gate_and_its_edition(seen: dict) -> None:
    tasks = seen["dags"]["nightly_rankings"]["tasks"]
    assert [len(tasks[name]["links"]) for name in ("take_in", "land", "evaluate_gate", "publish_edition")] == [
        1,
        1,
        1,
        2,
    ]
