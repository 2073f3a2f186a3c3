"""Airflow's metadata on PostgreSQL in a backup: a real server, dumped, put back, and never over runs that are there."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from jiheng.backups import metadata
from jiheng.backups.restoring import restore
from jiheng.backups.saving import save
from jiheng.backups.store import BackupError, Store
from jiheng.settings import Settings
from tests.component.test_backup import home, store
from tests.servers import PASSWORD, postgres

__all__ = ["home", "store"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL server of the test's own; gives the URL of its databases."""
    with postgres() as url:
        yield url


@pytest.fixture
def databases(server: str) -> Iterator[tuple[str, str]]:
    """Two databases: one that Airflow has used, and an empty one."""
    engine = create_engine(f"{server}postgres", isolation_level="AUTOCOMMIT")
    names = ("used", "empty")
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"create database {name}"))
    used = create_engine(f"{server}used")
    with used.begin() as connection:
        connection.execute(text("create table dag_run (run_id text)"))
        connection.execute(text("insert into dag_run values ('r1'), ('r2')"))
    used.dispose()
    yield f"{server}used", f"{server}empty"
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"drop database {name} with (force)"))
    engine.dispose()


def runs_in(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [row[0] for row in connection.execute(text("select run_id from dag_run order by run_id")).fetchall()]
    engine.dispose()
    return found


def test_the_metadata_come_back_into_an_empty_database(
    home: Path, store: Store, databases: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metadata.CONNECTION, databases[0])
    saved = save(Settings(home), store)
    names = {one["name"] for one in store.listed(saved.backup)["entries"]}
    assert metadata.POSTGRES in names and metadata.SQLITE not in names
    monkeypatch.setenv(metadata.CONNECTION, databases[1])
    restore(Settings(tmp_path / "again"), store, saved.backup)
    assert runs_in(databases[1]) == ["r1", "r2"]
    assert not (tmp_path / "again" / metadata.POSTGRES).exists()


def test_runs_that_are_there_are_not_replaced_unasked(
    home: Path, store: Store, databases: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metadata.CONNECTION, databases[0])
    saved = save(Settings(home), store)
    with pytest.raises(BackupError, match="不覆盖"):
        restore(Settings(tmp_path / "again"), store, saved.backup)
    assert not (tmp_path / "again").exists()
    restore(Settings(tmp_path / "again"), store, saved.backup, replaces_metadata=True)
    assert runs_in(databases[0]) == ["r1", "r2"]
    monkeypatch.delenv(metadata.CONNECTION)
    with pytest.raises(BackupError, match="空库"):
        restore(Settings(tmp_path / "third"), store, saved.backup)


def test_the_password_is_not_on_the_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], env: dict[str, str], **rest: object) -> "subprocess.CompletedProcess[str]":
        seen.append((command, env))
        return subprocess.CompletedProcess(command, 1, "", "no such server")

    monkeypatch.setenv(metadata.CONNECTION, f"postgresql://airflow:{PASSWORD}@db.example/airflow")
    monkeypatch.setattr(metadata.subprocess, "run", run)
    monkeypatch.setattr(metadata.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(BackupError, match="no such server"):
        metadata.dump(Settings(tmp_path), tmp_path)
    [(command, env)] = seen
    assert PASSWORD not in " ".join(command) and env["PGPASSWORD"] == PASSWORD
    monkeypatch.setattr(metadata.shutil, "which", lambda name: None)
    with pytest.raises(BackupError, match="postgresql-client"):
        metadata.dump(Settings(tmp_path), tmp_path)
