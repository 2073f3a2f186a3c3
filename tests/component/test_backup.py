"""Backups: only what is new is copied, what was copied is checked, a killed one changes nothing, all comes back."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from upath import UPath

from ingest.lake import Lake
from jiheng.backups import metadata
from jiheng.backups.restoring import ASIDE, find, restore
from jiheng.backups.saving import check, over, save
from jiheng.backups.store import Backup, BackupError, Store
from jiheng.backups.watching import too_old
from jiheng.cli import app
from jiheng.files import alone, write_text
from jiheng.settings import PROJECT_ROOT, Settings
from publish.editions import LOCK_NAME
from tests.stores import s3

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
POLICY = {"backup": 35, "backup_month_end": 400}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small installation: lake, archive, an edition with its pointer, tokens, Airflow's database, secrets."""
    for name in (
        "JIHENG_BACKUP_TO",
        "JIHENG_REGISTERS",
        "JIHENG_PUBLIC_KEY",
        "JIHENG_SIGNING_KEY",
        metadata.CONNECTION,
    ):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    Lake(home / "lake").land({"division": [{"division_key": "d1", "name": "示例县"}]}, NOON)
    for number in range(5):
        write_text(home / "archive" / f"0{number}" / "x" / "original", f"报告{number}")
    edition = home / "editions" / "2026-01-01-aaaaaaaa"
    write_text(edition / "site" / "index.html", "名次")
    write_text(edition / "site" / "again.html", "名次")
    (edition / "site").chmod(0o555)
    edition.chmod(0o555)
    (home / "editions" / "current").symlink_to(edition.name)
    write_text(home / "editions" / "publications.jsonl", '{"event": "publish"}\n')
    write_text(home / "upload_tokens.jsonl", "{}\n")
    (home / "upload_tokens.jsonl").chmod(0o600)
    write_text(home / "something-new" / "kept.txt", "whatever a later program keeps here")
    write_text(home / "work" / "run" / "left.json", "no")
    write_text(home / "airflow" / "passwords.json", "secret")
    write_text(home / "airflow" / "airflow.cfg", "fernet_key = secret")
    with closing(sqlite3.connect(home / "airflow" / "airflow.db")) as live, live:
        live.execute("create table dag_run (run_id text)")
        live.execute("insert into dag_run values ('r1')")
    yield home
    for path in [*tmp_path.rglob("site"), *tmp_path.rglob("2026-*")]:
        if path.is_dir():
            path.chmod(0o755)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(UPath(tmp_path / "backups"))


def tree(home: Path) -> dict[str, Any]:
    """Every file below, as its bytes and mode; links as where they lead."""
    return {
        str(path.relative_to(home)): str(path.readlink())
        if path.is_symlink()
        else (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in sorted(home.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


NOT_BACKED_UP = ("work/", "airflow/airflow.", "airflow/passwords", ".backup.lock", "lake/.lock", "editions/.")


def test_all_comes_back_but_what_is_made_anew_and_secrets(home: Path, store: Store, tmp_path: Path) -> None:
    saved = save(Settings(home), store)
    assert any("fernet_key" in warning for warning in saved.warnings)
    target = tmp_path / "again"
    restore(Settings(target), store, saved.backup)
    kept = {name: what for name, what in tree(home).items() if not name.startswith(NOT_BACKED_UP)}
    found = {name: what for name, what in tree(target).items() if name != "airflow/airflow.db"}
    assert found == kept and "something-new/kept.txt" in found
    with closing(sqlite3.connect(target / "airflow" / "airflow.db")) as copy:
        assert copy.execute("select run_id from dag_run").fetchall() == [("r1",)]
    assert stat.S_IMODE((target / "editions" / "2026-01-01-aaaaaaaa").stat().st_mode) == 0o555
    assert not Lake(target / "lake").damage()
    assert not (target / ASIDE).exists()


def test_secrets_come_when_they_are_asked_for(home: Path, store: Store, tmp_path: Path) -> None:
    saved = save(Settings(home), store, with_secrets=True)
    restore(Settings(tmp_path / "again"), store, saved.backup)
    assert (tmp_path / "again" / "airflow" / "passwords.json").read_text() == "secret"
    assert not any("fernet_key" in warning for warning in saved.warnings)


def test_only_what_is_new_is_copied_and_the_same_bytes_once(home: Path, store: Store) -> None:
    first = save(Settings(home), store)
    assert first.copied_files < first.files, "two pages are the same"
    again = save(Settings(home), store)
    assert (again.copied_files, again.size) == (0, first.size)
    write_text(home / "archive" / "09" / "x" / "original", "新报告")
    third = save(Settings(home), store)
    assert (third.copied_files, third.copied_size) == (1, len("新报告".encode()))


def test_a_file_that_looks_the_same_but_for_its_time_is_read(home: Path, store: Store) -> None:
    first = save(Settings(home), store)
    path = home / "archive" / "00" / "x" / "original"
    path.write_text("别的0", encoding="utf-8")
    second = save(Settings(home), store)
    digests = [
        {one["name"]: one.get("sha256") for one in store.listed(saved.backup)["entries"]} for saved in (first, second)
    ]
    assert digests[0]["archive/00/x/original"] != digests[1]["archive/00/x/original"]


def test_a_backup_whose_files_were_harmed_is_known_and_not_restored(home: Path, store: Store, tmp_path: Path) -> None:
    saved = save(Settings(home), store)
    entries = {one["name"]: one for one in store.listed(saved.backup)["entries"]}
    damaged, lost = (Path(str(store.path_of(entries[f"archive/0{n}/x/original"]["sha256"]))) for n in (1, 2))
    damaged.chmod(0o644)
    damaged.write_text("x")
    lost.unlink()
    troubles = check(store, saved.backup)
    assert len(troubles) == 2 and any("缺少" in one for one in troubles) and any("已损坏" in one for one in troubles)
    target = tmp_path / "again"
    with pytest.raises(BackupError):
        restore(Settings(target), store, saved.backup)
    assert [path.name for path in target.iterdir()] == [ASIDE], "nothing is in place"
    save(Settings(home), store)
    assert len(check(store, store.backups()[-1])) == 2, (
        "a later backup says so as well, until the files are there again"
    )


def test_a_list_that_was_changed_or_is_newer_is_refused(home: Path, store: Store) -> None:
    import gzip

    saved = save(Settings(home), store)
    path = Path(str(store.root / "backups" / f"{saved.backup.backup_id}.json.gz"))
    newer = store.finish(NOON + timedelta(days=999), {"entries": [], "jiheng": "9.9", "format": 2})
    with pytest.raises(BackupError, match="先升级"):
        store.listed(newer)
    path.write_bytes(gzip.compress(b"{}"))
    with pytest.raises(BackupError, match="已被改动"):
        store.listed(saved.backup)


KILLED = """
import os, sys
from jiheng.backups import saving
from jiheng.backups.store import Store
from jiheng.settings import Settings
from pathlib import Path
from upath import UPath
left = int(sys.argv[3])
real = Store.put
def counted(self, digest, source):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    return real(self, digest, source)
Store.put = counted
saving.save(Settings(Path(sys.argv[1])), Store(UPath(sys.argv[2])))
"""


@pytest.mark.parametrize("after", [0, 3, 9])
def test_a_killed_backup_leaves_the_last_good_one(home: Path, store: Store, tmp_path: Path, after: int) -> None:
    first = save(Settings(home), store)
    for number in range(12):
        write_text(home / "archive" / f"1{number:x}" / "x" / "original", f"新{number}")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIHENG_")}
    command = [sys.executable, "-c", KILLED, str(home), str(store.root), str(after)]
    assert subprocess.run(command, cwd=PROJECT_ROOT, env=clean, check=False).returncode == 9
    assert store.backups() == [first.backup] and not check(store, first.backup)
    second = save(Settings(home), store)
    assert not check(store, second.backup)
    restore(Settings(tmp_path / "again"), store, second.backup)


def test_a_killed_restore_is_begun_anew(home: Path, store: Store, tmp_path: Path) -> None:
    saved = save(Settings(home), store)
    target = tmp_path / "again"
    write_text(target / ASIDE / "editions" / "half" / "page.html", "half")
    (target / ASIDE / "editions" / "half").chmod(0o555)
    restore(Settings(target), store, saved.backup)
    assert not (target / "editions" / "half").exists()


def test_a_home_that_is_not_empty_is_not_touched(home: Path, store: Store) -> None:
    saved = save(Settings(home), store)
    before = tree(home)
    with pytest.raises(BackupError, match="不是空的"):
        restore(Settings(home), store, saved.backup)
    assert tree(home) == before


def test_nobody_publishes_or_lands_while_all_is_listed(home: Path, store: Store) -> None:
    done = threading.Event()

    def run() -> None:
        save(Settings(home), store)
        done.set()

    for lock in (home / "editions" / LOCK_NAME, home / "lake" / ".lock"):
        done.clear()
        thread = threading.Thread(target=run)
        with alone(lock):
            thread.start()
            assert not done.wait(0.5)
        assert done.wait(20)
        thread.join()


def test_a_log_that_grows_meanwhile_is_as_long_as_when_it_was_listed(
    home: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = home / "editions" / "publications.jsonl"
    real = Store.put

    def put(self: Store, digest: str, source: Path | bytes) -> int:
        with log.open("a") as stream:
            stream.write('{"event": "later"}\n')
        return real(self, digest, source)

    monkeypatch.setattr(Store, "put", put)
    saved = save(Settings(home), store)
    restore(Settings(tmp_path / "again"), store, saved.backup)
    lines = (tmp_path / "again" / "editions" / "publications.jsonl").read_text().splitlines()
    assert all(json.loads(line) for line in lines)


def test_an_edition_that_is_retired_meanwhile_makes_one_more_try(
    home: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = home / "held" / "2025-12-31-bbbbbbbb"
    write_text(gone / "gate.json", "{}")
    real = Store.put

    def put(self: Store, digest: str, source: Path | bytes) -> int:
        shutil.rmtree(gone, ignore_errors=True)
        return real(self, digest, source)

    monkeypatch.setattr(Store, "put", put)
    saved = save(Settings(home), store)
    assert not any(
        one["name"].startswith("held/2025") and "sha256" in one for one in store.listed(saved.backup)["entries"]
    )


def backup_of(day: date) -> Backup:
    return Backup(f"{day:%Y%m%d}T040000000000Z-{'0' * 12}")


def test_the_last_of_a_month_and_the_newest_are_kept_longer() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(100)]
    gone = over([backup_of(day) for day in days], date(2026, 4, 11), POLICY)
    stay = [day for day in days if backup_of(day) not in gone]
    assert stay[:3] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 7)]
    assert over([backup_of(date(2020, 1, 1))], date(2026, 1, 1), POLICY) == [], "the only one stays"
    assert over([], date(2026, 1, 1), POLICY) == []


def test_old_backups_go_with_the_files_that_no_other_names(home: Path, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    ran = CliRunner().invoke(app, ["backup", "--to", str(place), "--json"], env={"JIHENG_HOME": str(home)})
    assert ran.exit_code == 0, ran.output
    store = Store(UPath(place))
    [made] = store.backups()
    facts = store.listed(made)
    digest = "f" * 64
    write_text(place / "objects" / "ff" / digest, "only the old one has it")
    old = store.finish(datetime(2020, 1, 5, tzinfo=UTC), facts | {"entries": [{"name": "x", "sha256": digest}]})
    ran = CliRunner().invoke(app, ["backup", "--to", str(place)], env={"JIHENG_HOME": str(home)})
    assert "清理旧备份 taken away: 1" in ran.output
    assert old not in store.backups() and not (place / "objects" / "ff" / digest).exists()
    assert all(not check(store, one) for one in store.backups())


def test_registers_and_the_public_key_may_lie_elsewhere(
    home: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_text(tmp_path / "registers" / "divisions.csv", "a\n")
    write_text(tmp_path / "keys" / "minisign.pub", "public")
    write_text(home / "minisign-of-ours", "a secret key by another name")
    monkeypatch.setenv("JIHENG_REGISTERS", str(tmp_path / "registers"))
    monkeypatch.setenv("JIHENG_PUBLIC_KEY", str(tmp_path / "keys" / "minisign.pub"))
    monkeypatch.setenv("JIHENG_SIGNING_KEY", str(home / "minisign-of-ours"))
    saved = save(Settings(home), store)
    told = restore(Settings(tmp_path / "again"), store, saved.backup)
    assert (tmp_path / "again" / "outside" / "registers-1" / "divisions.csv").read_text() == "a\n"
    assert any("JIHENG_REGISTERS" in line for line in told) and any("JIHENG_PUBLIC_KEY" in line for line in told)
    assert not (tmp_path / "again" / "minisign-of-ours").exists()


def test_a_place_that_others_may_read_is_warned_of(home: Path, tmp_path: Path) -> None:
    place = tmp_path / "open"
    place.mkdir(mode=0o755)
    place.chmod(0o755)
    assert any("chmod 700" in one for one in save(Settings(home), Store(UPath(place))).warnings)
    made = Store(UPath(tmp_path / "made"))
    assert not any("chmod 700" in one for one in save(Settings(home), made).warnings)
    with pytest.raises(BackupError, match="之内"):
        save(Settings(home), Store(UPath(home / "backups")))


def test_the_watchdog_tells_of_a_backup_that_is_missing_or_too_old(home: Path, store: Store) -> None:
    now = datetime.now(UTC)
    assert too_old(Settings(home), now) == [], "no place is named"
    settings = Settings(home, backup_to=store.root)
    assert "还没有备份" in too_old(settings, now)[0]
    save(settings, store)
    assert too_old(settings, now) == []
    assert "超过" in too_old(settings, now + timedelta(hours=40))[0]
    assert "没有应答" in too_old(Settings(home, backup_to="smb://nowhere/x"), now)[0]


def test_a_bucket_holds_backups_as_a_folder_does(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with s3(tmp_path / "buckets", "backups", monkeypatch):
        store = Store(UPath("s3://backups/jiheng"))
        first = save(Settings(home), store)
        assert save(Settings(home), store).copied_files == 0
        assert not check(store, first.backup)
        assert find(store, None) == store.backups()[-1] and len(store.backups()) == 2
        restore(Settings(tmp_path / "again"), store, first.backup)
    kept = {name: what for name, what in tree(home).items() if not name.startswith(NOT_BACKED_UP)}
    assert {name: what for name, what in tree(tmp_path / "again").items() if name != "airflow/airflow.db"} == kept


def test_without_a_place_or_a_lake_the_command_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIHENG_BACKUP_TO", raising=False)
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path / "none"))
    ran = CliRunner().invoke(app, ["backup"])
    assert ran.exit_code == 2 and "E2042" in ran.output
    ran = CliRunner().invoke(app, ["backup", "--to", str(tmp_path / "b")])
    assert ran.exit_code == 4 and "没有可备份的" in ran.output
    ran = CliRunner().invoke(app, ["restore", "--from", str(tmp_path / "b")])
    assert ran.exit_code == 4 and "没有备份" in ran.output


def test_a_path_that_leads_out_of_the_home_is_not_followed(home: Path, store: Store, tmp_path: Path) -> None:
    facts = store.listed(save(Settings(home), store).backup)
    [digest, *_] = [one["sha256"] for one in facts["entries"] if "sha256" in one]
    evil = {"name": "../evil", "mode": 0o644, "size": 1, "mtime_ns": 0, "sha256": digest}
    backup = store.finish(NOON, facts | {"entries": [evil]})
    with pytest.raises(BackupError, match="路径"):
        restore(Settings(tmp_path / "again"), store, backup)
    assert not (tmp_path / "evil").exists()
