"""Storage that loses, cuts, swaps or repeats what it was given: nothing is lost or taken in twice, and it is told."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from upath import UPath

from ingest.archive import Archive
from ingest.channels.places import Offer, Place, offers_in
from ingest.inbox import take_in
from ingest.intake import Intake
from ingest.lake import Lake
from jiheng import night
from jiheng.night import Night
from jiheng.publication import GateHeld
from jiheng.settings import Settings
from tests.unit.test_intake import DIVISIONS, REPORT

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def report(amount: int) -> bytes:
    return REPORT.format(amount=amount).encode()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith("JIHENG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JIHENG_SETTLE_SECONDS", "0")
    made = Settings.from_environment()
    for folder in (Path(made.inbox), made.home / "registers"):
        folder.mkdir(parents=True)
    (made.home / "registers" / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    return made


def intake(settings: Settings, run_id: str) -> int:
    tonight = Night.from_json(night.take_in(settings, run_id))
    night.read_and_check(settings, tonight)
    return int(night.land(settings, tonight)["received"])


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a lost file": lambda batch: (batch / "arrival.parquet").unlink(),
    "an empty file": lambda batch: (batch / "arrival.parquet").write_bytes(b"") and None,
    "a cut file": lambda batch: cut(batch / "arrival.parquet"),
    "a flipped bit": lambda batch: flip(batch / "submission_version.parquet"),
    "a swapped file": lambda batch: shutil.copy(batch / "finding.parquet", batch / "arrival.parquet") and None,
    "a lost record": lambda batch: (batch / "batch.json").unlink(),
    "a cut record": lambda batch: cut(batch / "batch.json"),
    "another record": lambda batch: (batch / "batch.json").write_text("[]") and None,
    "a cut layout": lambda batch: (batch.parents[1] / "layout.json").write_text('{"lay') and None,
}


@pytest.mark.parametrize("name", DAMAGES)
def test_into_a_damaged_lake_nothing_is_taken_and_after_the_restore_everything_once(
    settings: Settings, name: str
) -> None:
    inbox = Path(settings.inbox)
    (inbox / "a.txt").write_bytes(report(100))
    assert intake(settings, "first") == 1
    kept = settings.home / "kept"
    shutil.copytree(settings.lake, kept)
    [batch] = {path.parent for path in settings.lake.glob("batches/2*/arrival.parquet")}
    DAMAGES[name](batch)
    (inbox / "b.txt").write_bytes(report(200))
    with pytest.raises(GateHeld, match=r"L01 .*restore from the backup: .*(batch|layout)?") as held:
        intake(settings, "second")
    assert batch.name in str(held.value) or "layout.json" in str(held.value)
    assert str(settings.home) not in str(held.value), "a county may read it"
    assert (inbox / "b.txt").exists()
    shutil.rmtree(settings.lake)
    kept.rename(settings.lake)
    assert intake(settings, "third") == 1
    names = sorted(row["source_name"] for row in Lake(settings.lake).read("arrival"))
    assert names == ["a.txt", "b.txt"]


def test_a_record_that_is_gone_is_damage_too(settings: Settings) -> None:
    lake = Lake(settings.lake)
    batch = lake.land({"statement": [{"statement_id": "s1"}]}, NOON)
    (lake.batches / str(batch) / "batch.json").unlink()
    assert lake.damage() == [f"{batch}/batch.json: No such file or directory"]


def test_bytes_that_the_archive_lost_are_read_from_where_they_were_handed_in(settings: Settings) -> None:
    (Path(settings.inbox) / "a.txt").write_bytes(report(100))
    run = Intake(settings, "first", NOON)
    run.take_in()
    [original] = settings.archive.rglob("original")
    original.chmod(0o644)
    original.write_bytes(report(100)[:-1])
    run.read_and_check()
    assert vars(run.land())["quarantined"] == 1
    [row] = run.lake.read("arrival")
    assert row["reason_code"] == "ARCHIVE_CHANGED" and "不需要重新报送" in row["reason_zh"]
    again = Intake(settings, "second", NOON + timedelta(days=2))
    assert again.take_in() == 1
    again.read_and_check()
    assert vars(again.land())["accepted"] == 1
    assert original.read_bytes() == report(100)


def offered(folder: Path) -> list[Offer]:
    return offers_in(Place(UPath(folder), "folder"), ())


def test_a_listing_that_names_a_file_twice_and_in_any_order_gives_one_arrival(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.txt").write_bytes(report(number))
    found = offered(tmp_path)
    arrivals = take_in([*reversed(found), *found], Archive(tmp_path / "archive"), (), NOON, {})
    assert [one.source_name for one in arrivals] == ["0.txt", "1.txt", "2.txt", "3.txt"]
