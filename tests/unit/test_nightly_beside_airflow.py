"""`jiheng nightly` where an Airflow runs beside it, whose scheduler may take a step of the run."""

import json
from pathlib import Path

import pytest

from jiheng import nightly
from jiheng.files import key_of
from jiheng.settings import Settings


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
