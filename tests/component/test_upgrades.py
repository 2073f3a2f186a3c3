"""A newer program over what an older one has left, and an older one kept away from what a newer one has written."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.intake import Intake
from ingest.lake import LAYOUT, Lake, LakeLayoutError
from jiheng.airflow import installation
from jiheng.backups import metadata
from jiheng.backups.before_upgrade import MetadataVersionError
from jiheng.files import write_json, write_text
from jiheng.settings import PROJECT_ROOT, Settings
from tests.component.test_replay import GOOD, NOON, home, once, replay, versions
from tests.older_readings import mend

__all__ = ["home", "once"]
# Columns and tables that came to be after the first night: an older program's lake has none of them.
LATER = {
    "arrival": ["parcel", "sender_division", "detail", "channel"],
    "submission_version": ["province_key", "identified_by", "filled_on"],
    "claim": ["figure_start", "figure_end", "host_claim_id", "sentence"],
    "finding": ["waiver_id", "explained_by", "passages"],
}
NO_TABLES = ("vote", "profile", "coverage", "department_change", "division_tile")
OLDER_AIRFLOW = "3.1.0"


@pytest.fixture
def older(home: Path) -> Path:
    """The lake as the program of the first night would have written it."""
    for path in (home / "lake" / "batches").glob("*/*.parquet"):
        if path.stem in NO_TABLES:
            path.unlink()
        elif path.stem in LATER:
            pq.write_table(pq.read_table(path).drop_columns(LATER[path.stem]), path)
    for batch in (home / "lake" / "batches").iterdir():
        names = {path.name for path in batch.glob("*.parquet")}
        if not names:
            shutil.rmtree(batch)
            continue
        facts = {"batch_id": batch.name, "files": dict.fromkeys(names, "")}
        known = pq.read_table(next(batch.glob("*.parquet")), columns=["recorded_at"])
        recorded_at = known["recorded_at"][0].as_py() if known.num_rows else "1970-01-01T00:00:00+00:00"
        write_json(batch / "batch.json", facts | {"recorded_at": recorded_at})
        mend(batch)
    (home / "lake" / "layout.json").unlink()
    return home


def test_an_older_lake_is_read_and_gone_on_with(older: Path) -> None:
    lake = Lake(older / "lake")
    assert not lake.damage()
    rows = lake.read("arrival", ["arrival_id", "parcel"])
    assert len(rows) == 4 and {row["parcel"] for row in rows} == {None}
    assert {row["waiver_id"] for row in lake.read("finding")} == {None}
    assert lake.read("finding", ["rule_id"], among=("waiver_id", ["w"])) == [], "what no row has, no row is among"
    write_text(older / "inbox" / "新.txt", GOOD.format(name="水利局") + "再次补充。\n")
    run = Intake(Settings(older), "after", NOON + timedelta(hours=5))
    assert run.take_in() == 1
    run.read_and_check()
    assert run.land().accepted == 1
    assert versions(older, "水利局")[-1]["version_number"] == 3
    assert (older / "lake" / "layout.json").exists() and not lake.damage()


def test_an_older_lake_is_read_again_by_the_newer_reader(older: Path) -> None:
    assert replay(older) == {"landed": 4}
    assert all(row["province_key"] == "p1" for row in versions(older)[4:])


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JIHENG_", "AIRFLOW"))}
    return subprocess.run(
        [sys.executable, "-m", "jiheng", *arguments],
        cwd=PROJECT_ROOT, env=clean | {"JIHENG_HOME": str(home)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_lake_of_a_newer_program_is_neither_read_nor_appended_to(home: Path) -> None:
    write_json(home / "lake" / "layout.json", {"layout": LAYOUT + 1})
    before = sorted(path.name for path in (home / "lake" / "batches").iterdir())
    lake = Lake(home / "lake")
    for act in (
        lambda: lake.read("arrival"),
        lambda: lake.land({"act": [{"act_id": "a"}]}, NOON),
        lambda: lake.state(NOON),
    ):
        with pytest.raises(LakeLayoutError, match="升级本机的绩衡"):
            act()
    ran = command(home, "acts")
    assert ran.returncode == 4 and "error[E4033]" in ran.stderr
    assert sorted(path.name for path in (home / "lake" / "batches").iterdir()) == before


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose Airflow is older than ours: its schema is really the older one, with a run in it."""
    home = tmp_path_factory.mktemp("airflow")
    settings, log = Settings(home), home / "log"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
            patch.delenv(name)
        installation.prepare(settings, log)
        installation.run(settings, ["db", "downgrade", "--to-version", OLDER_AIRFLOW, "--yes"], log)
    write_text(settings.airflow_home / "migrated", OLDER_AIRFLOW)
    with closing(sqlite3.connect(home / metadata.SQLITE)) as live, live:
        live.execute("insert into variable (key, val) values ('kept', 'yes')")
    return home


@pytest.fixture
def before(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
        monkeypatch.delenv(name)
    shutil.copytree(migrated, tmp_path / "home")
    return Settings(tmp_path / "home")


def schema_of(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("select version_num from alembic_version").fetchone()[0])


def test_an_upgrade_keeps_a_copy_and_what_the_database_holds(
    before: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    older = schema_of(before.home / metadata.SQLITE)
    installation.prepare(before, before.home / "log")
    assert schema_of(before.home / metadata.SQLITE) != older
    [kept] = before.airflow_home.glob(f"before-upgrade-from-{OLDER_AIRFLOW}-*/airflow.db")
    assert schema_of(kept) == older and str(kept) in capsys.readouterr().err
    with closing(sqlite3.connect(before.home / metadata.SQLITE)) as live:
        assert live.execute("select val from variable where key = 'kept'").fetchone() == ("yes",)
    installation.prepare(before, before.home / "log")
    assert len(list(before.airflow_home.glob("before-upgrade-*"))) == 1, "done once"


def test_a_database_of_a_newer_airflow_is_not_touched(before: Settings) -> None:
    write_text(before.airflow_home / "migrated", "99.0.0")
    content = (before.home / metadata.SQLITE).read_bytes()
    with pytest.raises(MetadataVersionError, match="不会降级"):
        installation.prepare(before, before.home / "log")
    assert (before.home / metadata.SQLITE).read_bytes() == content


def test_a_schema_that_nobody_stamped_and_nobody_knows_is_told_in_words(before: Settings) -> None:
    (before.airflow_home / "migrated").unlink()
    with closing(sqlite3.connect(before.home / metadata.SQLITE)) as live, live:
        live.execute("update alembic_version set version_num = 'ffffffffffff'")
    with pytest.raises(MetadataVersionError, match="较新的绩衡"):
        installation.prepare(before, before.home / "log")
