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
import sys, json
sys.path[:0] = ["dags", "plugins"]
import jiheng_upload
upload = [name for name in ("fastapi", "ingest.upload.app") if name in sys.modules]
import nightly_rankings
dag = nightly_rankings.nightly_rankings_dag
heavy = [name for name in %r if name in sys.modules]
edges = {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks}
prefix = jiheng_upload.JihengUpload.fastapi_apps[0]["url_prefix"]
plugin = {"upload": upload, "prefix": prefix}
print(json.dumps(plugin | {"heavy": heavy, "edges": edges, "doc": dag.doc_md, "catchup": dag.catchup}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict:
    home = tmp_path_factory.mktemp("home")
    clean = environment(Settings(home)) | {"JIHENG_HOME": str(home)}
    ran = subprocess.run(
        [sys.executable, "-c", LOOK % (HEAVY,)],
        cwd=PROJECT_ROOT,
        env=clean | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])


def test_the_dag_imports_light(seen: dict) -> None:
    assert seen["heavy"] == []


def test_the_plugin_names_the_upload_and_makes_it_later(seen: dict) -> None:
    assert seen["upload"] == [] and seen["prefix"] == URL_PREFIX


def test_the_steps_stand_in_their_order(seen: dict) -> None:
    order = ["take_in", "read_and_check", "land", "build_warehouse", "evaluate_gate", "publish_edition"]
    for earlier, later in pairwise(order):
        assert later in seen["edges"][earlier]
    assert seen["edges"]["publish_edition"] == []


def test_the_dag_tells_what_it_does_in_both_languages(seen: dict) -> None:
    assert "门禁" in seen["doc"] and "gate" in seen["doc"]
    assert seen["catchup"] is False
