"""Airflow's own logs and records are taken away when they are old."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jiheng.airflow import installation
from jiheng.housekeeping import NoDatabaseError, clear_logs, clear_records
from jiheng.settings import Settings

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_old_logs_go_with_their_folders_and_new_ones_stay(tmp_path: Path) -> None:
    for days, name in ((91, "dag_id=a/run_id=old/task/attempt=1.log"), (89, "dag_id=a/run_id=new/attempt=1.log")):
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True)
        path.write_text("x")
        moment = (NOW - timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))
    assert clear_logs(Settings(tmp_path), str(tmp_path / "logs"), NOW) == 1
    assert [path.name for path in (tmp_path / "logs" / "dag_id=a").iterdir()] == ["run_id=new"]


def test_old_records_go_by_airflows_own_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, called = Settings(tmp_path), []
    monkeypatch.setattr(installation, "run", lambda _settings, arguments, _log: called.append(arguments))
    with pytest.raises(NoDatabaseError, match="airflow db clean"):
        clear_records(settings, NOW)
    settings.airflow_home.mkdir()
    (settings.airflow_home / "airflow.db").touch()
    clear_records(settings, NOW)
    [arguments] = called
    assert arguments[:2] == ["db", "clean"] and "2026-03-03T00:00:00+00:00" in arguments and "--yes" in arguments


def test_a_command_begun_by_a_task_may_reach_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "airflow-db-not-allowed:///")
    settings = Settings(tmp_path)
    reached = installation.environment(settings)["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    assert reached == f"sqlite:///{settings.airflow_home / 'airflow.db'}"
