"""A clock that jumped holds the night before anything bears its time, until it is put right or a person confirms it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.lake import Lake
from jiheng import clock, night
from jiheng.cli import app
from jiheng.publication import GateHeld
from jiheng.settings import Settings
from publish.records import broken, history, record

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LAST_NIGHT = datetime(2027, 3, 1, 18, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation in which a batch landed and an edition was published last night."""
    made = Settings(tmp_path)
    Lake(made.lake).land({"statement": [{"statement_id": "s1"}]}, LAST_NIGHT)
    record(made.editions, {"event": "publish", "edition_id": "e1", "at": (LAST_NIGHT + 5 * MINUTE).isoformat()})
    return made


def hold(settings: Settings, at: datetime) -> None:
    """What a night puts on record that did not believe its clock."""
    said = str(clock.doubt(settings, at))
    facts = {"event": "hold", "edition_id": None, "why": [said], "expectations": [clock.REASON]}
    record(settings.editions, facts | {"at": at.isoformat()})


def test_before_anything_was_recorded_any_clock_is_believed(tmp_path: Path) -> None:
    assert clock.doubt(Settings(tmp_path), datetime(1971, 1, 1, tzinfo=UTC)) is None
    Lake(tmp_path / "lake").ensure()
    assert clock.doubt(Settings(tmp_path), datetime(2099, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("later", "believed"),
    [(DAY, True), (44 * DAY, True), (46 * DAY, False), (-4 * MINUTE, True), (-9 * MINUTE, False), (-400 * DAY, False)],
)
def test_the_measure_is_what_was_recorded_last(settings: Settings, later: timedelta, believed: bool) -> None:
    assert (clock.doubt(settings, LAST_NIGHT + later) is None) is believed


def test_the_log_counts_and_the_lake_counts(settings: Settings) -> None:
    Lake(settings.lake).land({"statement": [{"statement_id": "s2"}]}, LAST_NIGHT + 3 * DAY)
    found = clock.doubt(settings, LAST_NIGHT + DAY)
    assert found is not None and found.newest == LAST_NIGHT + 3 * DAY
    assert found.now < found.newest and "早于" in str(found) and "jiheng clock confirm" in str(found)


def test_a_hold_for_the_clock_does_not_make_the_clock_right(settings: Settings) -> None:
    jump = LAST_NIGHT + 9999 * DAY
    hold(settings, jump)
    assert clock.doubt(settings, jump + DAY) is not None
    assert clock.doubt(settings, LAST_NIGHT + DAY) is None, "the clock was put right again"


def test_an_undo_under_a_wrong_clock_does_not_make_the_clock_right(settings: Settings) -> None:
    jump = LAST_NIGHT + 9999 * DAY
    record(settings.editions, {"event": "rollback", "from": "e2", "edition_id": "e1", "at": jump.isoformat()})
    assert clock.doubt(settings, jump) is not None and clock.doubt(settings, LAST_NIGHT + DAY) is None


def test_after_a_long_pause_a_person_confirms_the_date(settings: Settings) -> None:
    after = LAST_NIGHT + 300 * DAY
    hold(settings, after)
    clock.confirm(settings, "王五", "停用十个月后恢复运行", after)
    assert clock.doubt(settings, after + MINUTE) is None and clock.doubt(settings, after + 46 * DAY) is not None
    assert clock.doubt(settings, after - DAY) is not None
    assert not broken(settings.editions)


def test_records_of_a_clock_that_was_ahead_stand_aside_once_a_person_says_so(settings: Settings) -> None:
    wrong, right = LAST_NIGHT + 40 * DAY, LAST_NIGHT + 2 * DAY
    lake = Lake(settings.lake)
    lake.land({"statement": [{"statement_id": "s2"}]}, wrong)
    assert clock.doubt(settings, right) is not None
    clock.confirm(settings, "王五", "时钟曾快四十天，已校准", right)
    assert clock.doubt(settings, right + MINUTE) is None
    # What lands now is recorded after what was there; the clock is measured by the confirmation and what follows it.
    batch = lake.land({"statement": [{"statement_id": "s3"}]}, right + MINUTE)
    assert batch == max(lake.batch_ids_of("statement")) and lake.newest() == wrong + timedelta(microseconds=1)
    record(settings.editions, {"event": "publish", "edition_id": "e2", "at": (right + 5 * DAY).isoformat()})
    assert clock.doubt(settings, right + 5 * DAY) is None and clock.doubt(settings, right + 4 * DAY) is not None


def test_a_night_under_such_a_clock_takes_nothing_in(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    settings = Settings(tmp_path / "home", inbox=inbox)
    (inbox / "报告.txt").write_text("一份报告", encoding="utf-8")
    ahead = datetime.now(UTC) + 3 * DAY
    Lake(settings.lake).land({"statement": [{"statement_id": "s1"}]}, ahead)
    batches = sorted(path.name for path in Lake(settings.lake).batches.iterdir())
    for begin in (lambda: night.take_in(settings, "run"), lambda: night.begin(settings, "run")):
        with pytest.raises(GateHeld, match="C01"):
            begin()
    assert sorted(path.name for path in Lake(settings.lake).batches.iterdir()) == batches
    assert not settings.archive.exists() and not settings.work.exists()
    held = [event for event in history(settings.editions) if event["event"] == "hold"]
    assert [event["expectations"] for event in held] == [[clock.REASON]], "told once a day"
    assert night.begin(settings, "run", "2026-01-01").looks_back, "a past night needs no clock"


def test_the_commands_refuse_and_confirm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    Lake(tmp_path / "lake").land({"statement": [{"statement_id": "s1"}]}, datetime.now(UTC) - 90 * DAY)
    said = ["acts", "withdraw", "x", "--by", "甲", "--reason", "重复报送"]
    assert isinstance(CliRunner().invoke(app, said).exception, clock.ClockError)
    looked = CliRunner().invoke(app, ["clock"])
    assert looked.exit_code == 3 and "远晚于" in looked.stdout
    told = CliRunner().invoke(app, ["clock", "confirm", "--by", "王五", "--reason", "停用三个月"])
    assert told.exit_code == 0, told.output
    assert CliRunner().invoke(app, ["clock"]).exit_code == 0
    assert CliRunner().invoke(app, said).exit_code == 2, "there is no such submission; the clock is no reason any more"
