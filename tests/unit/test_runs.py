"""What runs did, read back: steps, failures rolled up per run, the table for SQL."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from jiheng.monitoring import failures, runs
from jiheng.notifying.due import due
from jiheng.settings import Settings

CHANNELS = {"channels": [{"name": "a", "kind": "gateway", "base_url": "https://oa.example.gov.cn"}]}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "notices.yaml").write_text(yaml.safe_dump(CHANNELS), encoding="utf-8")
    return Settings(tmp_path)


def test_fifty_tasks_that_fail_make_one_message(settings: Settings) -> None:
    run_id = "scheduled__2026-03-31"
    runs.begin(settings, run_id, "take_in").end("end", {"new_files": 50})
    begun = [runs.begin(settings, run_id, "read_and_check") for _ in range(50)]
    for one in begun[:49]:
        one.end("failed", {"error": "磁盘已满 · the disk is full：/data", "code": "E4010"})
    for _ in range(3):
        assert failures.record(settings, "nightly_rankings", run_id, "http://localhost:8080/dags/x/runs/y")
    [notice] = [one for one in due(settings, None, 20, datetime.now(UTC)) if one.event == "failed"]
    text = "\n".join([notice.messages["zh"].title, *notice.messages["zh"].lines])
    assert "本夜运行没有完成" in text and "磁盘已满" in text
    assert "docs/operator/runbooks/DISK-FULL.md" in text
    assert "阅读检查 ×50（共 50 个任务）" in text
    assert "http://localhost:8080/dags/x/runs/y" in text
    assert "the disk is full" in "\n".join(notice.messages["en"].lines)


def test_a_hold_is_told_by_the_gate_and_not_again_as_a_failure(settings: Settings) -> None:
    runs.begin(settings, "a", "publish_edition").end("held", {"holding": ["K10"]})
    assert not failures.record(settings, "nightly_rankings", "a")
    assert runs.failures(settings) == []


def test_a_worker_that_was_lost_leads_to_its_runbook(settings: Settings) -> None:
    runs.begin(settings, "a", "build_warehouse")
    failures.record(settings, "nightly_rankings", "a")
    [notice] = [one for one in due(settings, None, 20, datetime.now(UTC)) if one.event == "failed"]
    assert any("LOST-WORKER.md" in line for line in notice.messages["zh"].lines)


def test_what_a_retry_made_good_is_not_told(settings: Settings) -> None:
    runs.begin(settings, "a", "take_in").end("failed", {"error": "ValueError: x"})
    runs.begin(settings, "a", "take_in").end("end", {})
    runs.begin(settings, "a", "land").end("failed", {"error": "ValueError: y"})
    failures.record(settings, "intake", "a")
    [line] = runs.failures(settings)
    assert (line["steps"], line["error"], line["code"]) == (["land"], "ValueError: y", None)


def test_steps_are_rows_of_a_table(settings: Settings, tmp_path: Path) -> None:
    import duckdb

    runs.begin(settings, "a", "land").end("end", {"received": 3})
    runs.begin(settings, "b", "land")
    runs.write_table(settings, tmp_path / "runs.duckdb")
    with duckdb.connect(str(tmp_path / "runs.duckdb")) as connection:
        asked = "select run_id, outcome, counts->>'received', seconds is null from fct_run_step order by run_id"
        assert connection.execute(asked).fetchall() == [("a", "end", "3", False), ("b", "begun", None, True)]


def test_logs_of_older_programs_are_read_and_lines_cut_short_are_not(settings: Settings) -> None:
    log = settings.home / "runs" / "old.jsonl"
    log.parent.mkdir()
    begun = {"step": "land", "event": "begin", "run_id": "old__1"}
    ended = {"step": "land", "event": "end", "seconds": "1.5", "received": 2}
    log.write_text(f'{json.dumps(begun)}\n{json.dumps(ended)}\n{{"step": "la', encoding="utf-8")
    os.utime(log, (0, 0))
    [one] = runs.steps(settings)
    assert (one.run_id, one.step, one.outcome, one.seconds) == ("old__1", "land", "end", "1.5")
    assert one.ended_at == datetime.fromtimestamp(0, UTC)
