"""A run that is cleared and run again: it looks at what it saw, takes nothing new in, and publishes nothing twice."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.intake import Intake
from ingest.lake import Lake
from jiheng import night, publication
from jiheng.files import write_json
from jiheng.night import Night
from jiheng.publication import Candidate, GateHeld
from jiheng.settings import Settings
from jiheng.warehouse import NothingBuiltError
from publish import acts, editions
from publish.records import history
from tests.component import edition_fixture as made
from tests.component.small_lake import division

EDITION = {"edition_id": "e1", "lake_digest": "x", "data_time": "2026-01-01T00:00:00+00:00"}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("JIHENG_INBOX", "JIHENG_REGISTERS", "JIHENG_DROP"):
        monkeypatch.delenv(name, raising=False)
    home = Settings(tmp_path)
    home.inbox.mkdir()
    return home


def land(settings: Settings, name: str) -> None:
    lake = Lake(settings.lake)
    with lake.alone():
        lake.land({"division": [division(name, "county", "county", "east")]}, datetime.now(UTC))


def test_a_run_that_was_built_looks_at_what_it_saw_then(settings: Settings) -> None:
    land(settings, "one")
    first = Night.of_run(settings, "run")
    seen = night._state_of(settings, Lake(settings.lake), first)
    land(settings, "two")
    again = Night.of_run(settings, "run")
    assert (again.as_of, again.looks_back, again.publishes_past) == (first.as_of, True, False)
    assert night._state_of(settings, Lake(settings.lake), again) == seen
    assert night._state_of(settings, Lake(settings.lake), Night.of_run(settings, "another")) != seen


def test_a_run_that_was_not_built_yet_looks_at_what_is_there_now(settings: Settings) -> None:
    first = Night.of_run(settings, "run")
    assert Night.of_run(settings, "run").as_of > first.as_of


def test_a_run_for_a_past_date_looks_back_to_it_without_publishing_the_past(settings: Settings) -> None:
    date = datetime.now(UTC) - timedelta(days=3)
    dated = Night.of_run(settings, "run", date=date)
    assert (dated.as_of, dated.looks_back, dated.publishes_past) == (date, True, False)
    asked = Night.of_run(settings, "run", as_of=date.isoformat(), date=date)
    assert (asked.as_of, asked.publishes_past) == (date, True)
    assert Night.from_json(asked.as_json()) == asked
    assert not Night.of_run(settings, "run", date=datetime.now(UTC)).looks_back, "today is not the past"


def test_who_looks_back_takes_nothing_in(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Intake, "take_in", lambda _: pytest.fail("it took something in"))
    date = datetime.now(UTC) - timedelta(days=3)
    taken = night.take_in(settings, "run", date=date)
    assert taken["new_files"] == "0"
    [batch] = night.batches(settings, Night.from_json(taken))
    assert batch["files"] == 0


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


def private_copy(settings: Settings, finished: Path, decision: str) -> Path:
    private = settings.home / "private" / "run" / "e1"
    shutil.copytree(finished, private)
    results = [{"expectation_id": "K01", "message_zh": "少了一个区划", "decision": decision}]
    write_json(private / "gate.json", {"decision": decision, "results": results})
    return private


@pytest.fixture
def candidate(settings: Settings, finished: Path) -> Candidate:
    """An edition that was completed, put into its place and published; its private files are gone."""
    private = private_copy(settings, finished, "pass")
    editions.complete(private, made.facts("e1"))
    acts.publish(private, settings.editions, {"run_id": "run"})
    assert not private.exists()
    return Candidate(private, EDITION, None, datetime(2026, 1, 1, tzinfo=UTC))


def test_publishing_again_what_is_published_changes_nothing(settings: Settings, candidate: Candidate) -> None:
    before = history(settings.editions)
    assert publication.publish(settings, candidate, {"run_id": "run"})["publication"] == "unchanged"
    assert publication.decided(settings, candidate.private)["decision"] == "pass"
    assert history(settings.editions) == before


def test_a_publisher_killed_before_it_pointed_is_made_up_for(settings: Settings, candidate: Candidate) -> None:
    (settings.editions / "current").unlink()
    (settings.editions / "publications.jsonl").unlink()
    assert publication.publish(settings, candidate, {"run_id": "run"})["publication"] == "published"
    assert (settings.editions / "current").resolve().name == "e1"
    assert [line["event"] for line in history(settings.editions)] == ["publish"]


def test_a_run_whose_edition_is_gone_says_from_where_to_clear(settings: Settings, candidate: Candidate) -> None:
    gone = Candidate(candidate.private.with_name("e0"), EDITION | {"edition_id": "e0"}, None, candidate.as_of)
    gone.edition["data_time"] = "2999-01-01T00:00:00+00:00"  # type: ignore[index]
    with pytest.raises(NothingBuiltError, match="建仓"):
        publication.publish(settings, gone, {"run_id": "run"})
    with pytest.raises(NothingBuiltError, match="build_warehouse"):
        publication.decided(settings, gone.private)


def test_a_hold_is_put_on_record_once_a_run(settings: Settings, finished: Path) -> None:
    private = private_copy(settings, finished, "hold")
    candidate = Candidate(private, EDITION, None, datetime(2026, 1, 1, tzinfo=UTC))
    tonight = {"run_id": "run", "moment": "2026-01-01T00:00:00+00:00", "as_of": "2026-01-01T00:00:00+00:00"}
    for _ in range(2):
        with pytest.raises(GateHeld) as held:
            publication.publish(settings, candidate, {"run_id": "run"})
        assert held.value.why == ["K01 少了一个区划"]
        assert publication.hold(settings, candidate, held.value.why, tonight)["publication"] == "held"
    assert [line["event"] for line in history(settings.editions)] == ["hold"]
    assert publication.decided(settings, private)["decision"] == "hold"
