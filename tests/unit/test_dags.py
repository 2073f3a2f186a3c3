"""The DAG and plugin files: they import without errors and heavy libraries, and wire the steps in their order."""

import json
import os
import subprocess
import sys
from itertools import pairwise

import pytest

from ingest.upload.app import URL_PREFIX
from jiheng.airflow import environment
from jiheng.settings import PROJECT_ROOT, Settings

HEAVY = ("pandas", "duckdb", "great_expectations", "dbt", "pyarrow")
LOOK = """
import importlib, sys, json
sys.path[:0] = ["dags", "plugins"]
import jiheng_upload
upload = [name for name in ("fastapi", "ingest.upload.app") if name in sys.modules]
found = {name: getattr(importlib.import_module(name), name + "_dag") for name in %r}
heavy = [name for name in %r if name in sys.modules]
dags = {name: {
    "edges": {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks},
    "doc": dag.doc_md, "catchup": dag.catchup, "tags": sorted(dag.tags), "at_once": dag.max_active_runs,
    "owners": sorted({task.owner for task in dag.tasks}), "told": all(task.task_display_name for task in dag.tasks),
} for name, dag in found.items()}
prefix = jiheng_upload.JihengUpload.fastapi_apps[0]["url_prefix"]
print(json.dumps({"upload": upload, "prefix": prefix, "heavy": heavy, "dags": dags}))
"""
DAGS = sorted(path.stem for path in (PROJECT_ROOT / "dags").glob("[a-z]*.py"))


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


def test_the_plugin_names_the_upload_and_makes_it_later(seen: dict) -> None:
    assert seen["upload"] == [] and seen["prefix"] == URL_PREFIX


def test_the_steps_stand_in_their_order(seen: dict) -> None:
    edges = seen["dags"]["nightly_rankings"]["edges"]
    order = ["take_in", "read_and_check", "land", "build_warehouse", "evaluate_gate", "publish_edition"]
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
    assert " · " in title and len(dag["doc"]) > 100
    assert (dag["catchup"], dag["at_once"], dag["tags"], dag["told"]) == (False, 1, ["jiheng", "绩衡"], True)
    assert dag["owners"] and "airflow" not in dag["owners"]
