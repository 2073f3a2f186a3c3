"""`jiheng nightly` and Airflow: a scheduler beside it that may take a step of the run, a database that is too old."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jiheng import nightly
from jiheng.files import key_of
from jiheng.settings import Settings
from jiheng.summary import summary_lines


def test_a_step_that_the_scheduler_took_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = {"step": "evaluate_gate", "event": "end", "run_id": "r1", "seconds": "1.0"}
    theirs = {"step": "publish_edition", "event": "end", "run_id": "r1", "seconds": "2.0", "publication": "published"}
    monkeypatch.setattr(nightly, "_watch", lambda *_: iter([mine]))
    monkeypatch.setattr(nightly.installation, "prepare", lambda *_: None)
    runs = tmp_path / "runs"
    runs.mkdir()
    said: list[str] = []
    assert nightly.run_night(Settings(tmp_path), said.append).outcome == "failed"
    (runs / f"{key_of('r1')}.jsonl").write_text(json.dumps(theirs) + "\n", encoding="utf-8")
    assert nightly.run_night(Settings(tmp_path), said.append).outcome == "published"
    assert "发布 publish_edition" in said[-1]


def test_a_database_from_before_an_upgrade_is_named_with_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_settings: Settings, log: Path, *_: object) -> Iterator[dict[str, str]]:
        log.parent.mkdir(parents=True)
        log.write_text("Database migration required. Please run `airflow db migrate`.", encoding="utf-8")
        return iter(())

    monkeypatch.setattr(nightly, "_watch", refused)
    monkeypatch.setattr(nightly.installation, "prepare", lambda *_: None)
    result = nightly.run_night(Settings(tmp_path), lambda _: None)
    assert (result.outcome, result.facts["code"]) == ("failed", "E4035")
    assert "AIRFLOW-DATABASE-OLD" in summary_lines(result)[-1]
