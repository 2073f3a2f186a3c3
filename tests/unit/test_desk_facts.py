"""What the desk shows where something is not as it should be."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from ingest.receipts import folder_of
from jiheng.desk import facts
from jiheng.desk.app import make_app
from jiheng.monitoring import runs
from jiheng.settings import Settings

HOLDER = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


def test_a_warehouse_that_another_holds_is_told_with_its_runbook(tmp_path: Path) -> None:
    edition = tmp_path / "editions" / "e1"
    edition.mkdir(parents=True)
    (tmp_path / "editions" / "current").symlink_to("e1")
    duckdb.connect(str(edition / "warehouse.duckdb")).close()
    command = [sys.executable, "-c", HOLDER, str(edition / "warehouse.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        app: FastAPI = make_app(Settings(tmp_path))

        @app.get("/probe")
        def probe(request: Request) -> None:
            with facts.current_tables(request.app.state.settings):
                pytest.fail("another process holds it")

        answer = TestClient(app).get("/probe")
        holder.communicate(b"")
    assert answer.status_code == 503
    assert "数据仓库文件被另一个程序占用" in answer.text and "WAREHOUSE-LOCKED.md" in answer.text


def test_a_run_that_failed_and_one_whose_worker_was_lost_are_listed(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    runs.begin(settings, "r1", "land").end("failed", {"error": "磁盘已满"})
    runs.note_failure(settings, "r1", {"dag_id": "intake", "error": "磁盘已满"})
    runs.begin(settings, "r2", "build_warehouse")
    lost, failed = facts.runs(settings)
    assert [(step.step, step.outcome) for step in failed["steps"]] == [("land", "failed")]
    assert [(step.step, step.outcome) for step in lost["steps"]] == [("build_warehouse", "begun")]


def test_the_receipt_of_a_file_that_was_read_again_is_the_newest(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    folder = folder_of(settings.receipts, "甲.docx")
    folder.mkdir(parents=True)
    arrival = {"arrival_id": "a1", "source_name": "甲.docx"}
    assert facts.receipt_of(settings, arrival) is None
    for name in ("a1.html", "a1-20260101020000.html"):
        (folder / name).touch()
    assert str(facts.receipt_of(settings, arrival)).endswith("a1-20260101020000.html")
