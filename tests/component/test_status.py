"""`jiheng status`: what an operator sees first, for good and bad nights, wide and narrow."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from jiheng.monitoring import failures, runs
from jiheng.monitoring.status import screen, status_facts
from jiheng.settings import LOCAL_TIME, PROJECT_ROOT, Settings
from publish import records

# Ten in the morning, local time.
NOW = datetime.now(LOCAL_TIME).replace(hour=10, minute=0, second=0, microsecond=0).astimezone(UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("JIHENG_INBOX", raising=False)
    return Settings(tmp_path)


def _held(settings: Settings, *ids: str) -> None:
    at = NOW.isoformat(timespec="seconds")
    event = {"event": "hold", "edition_id": None, "at": at, "why": [f"{one} x: y" for one in ids]}
    records.record(settings.editions, {**event, "expectations": list(ids)})


def _shown(facts: dict[str, Any], width: int = 100, **more: Any) -> str:
    written = io.StringIO()
    Console(width=width, file=written, **more).print(screen(facts, width))
    return written.getvalue()


def test_nothing_published_after_six_is_an_alarm_with_its_runbook(settings: Settings) -> None:
    facts = status_facts(settings, NOW)
    assert not facts["good"] and "NOT-PUBLISHED" in [one["alarm"] for one in facts["alarms"]]
    assert "docs/operator/runbooks/NOT-PUBLISHED.md" in _shown(facts)


def test_before_six_a_night_that_is_not_over_is_none(settings: Settings) -> None:
    facts = status_facts(settings, NOW - timedelta(hours=5))
    assert "NOT-PUBLISHED" not in [one["alarm"] for one in facts["alarms"]]


def test_a_hold_names_the_runbook_of_its_cause(settings: Settings) -> None:
    _held(settings, "L01")
    facts = status_facts(settings, NOW)
    assert facts["alarms"][0]["alarm"] == "GATE-LAKE-DAMAGED"
    assert not facts["good"] and "jiheng gate explain" in _shown(facts)


def test_a_failed_night_stands_in_the_table_with_the_step_where_it_stopped(settings: Settings) -> None:
    runs.begin(settings, "a", "take_in").end("end", {"new_files": 1})
    runs.begin(settings, "a", "read_and_check").end("failed", {"error": "磁盘已满", "code": "E4010"})
    failures.record(settings, "nightly_rankings", "a")
    facts = status_facts(settings, NOW)
    assert facts["nights"][0]["stopped_at"] == "read_and_check"
    assert {"alarm": "DISK-FULL", "words": "磁盘已满"}.items() <= facts["alarms"][-1].items()
    assert "失败：阅读检查" in _shown(facts)


def test_files_that_wait_too_long_point_at_the_triggerer(settings: Settings) -> None:
    settings.home.joinpath("inbox").mkdir()
    (settings.home / "inbox" / "a.txt").write_text("x")
    facts = status_facts(settings, datetime.now(UTC) + timedelta(hours=1))
    assert facts["waiting"]["files"] == 1 and list(facts["waiting"]["names"].values()) == ["a.txt"]
    assert "TRIGGERER-DOWN" in [one["alarm"] for one in facts["alarms"]]


@pytest.mark.parametrize("width", [40, 56, 80, 120])
def test_no_line_is_wider_than_the_terminal(settings: Settings, width: int) -> None:
    from rich.cells import cell_len

    _held(settings, "L01", "C01")
    runs.begin(settings, "a", "build_warehouse").end("failed", {"error": "x" * 200})
    lines = _shown(status_facts(settings, NOW), width).splitlines()
    assert max(map(cell_len, lines)) <= width


def test_no_colour_where_none_is_wanted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = status_facts(settings, NOW)
    assert "\x1b[1;31m" in _shown(facts, force_terminal=True, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in _shown(facts, force_terminal=True) and ";31m" not in _shown(facts, force_terminal=True)


def test_the_pages_that_are_named_are_there(settings: Settings) -> None:
    _held(settings, "L01", "C01")
    facts = status_facts(settings, NOW)
    assert all((PROJECT_ROOT / one["runbook"]).is_file() for one in facts["alarms"])


def test_an_exception_that_is_over_is_told_until_another_takes_its_place(settings: Settings) -> None:
    """One with fewer rows, or that ends as early, does not."""
    from ingest.acts import Act, record
    from ingest.lake import Lake

    lake, day = Lake(settings.lake), NOW.astimezone(LOCAL_TIME).date()
    old = Act("gate_waiver", "程序更新已核对", "甲", rule_id="K10", approved_by="乙", keys=("a 2025", "b 2025"))
    record(lake, replace(old, valid_until=day - timedelta(days=1)), NOW - timedelta(days=9))
    record(lake, replace(old, valid_until=day + timedelta(days=60), keys=("a 2025",)), NOW - timedelta(days=8))
    assert [one["words"] for one in _over(settings)] == [f"K10 {day - timedelta(days=1)}"]
    record(lake, replace(old, valid_until=day + timedelta(days=60), keys=()), NOW - timedelta(days=7))
    assert _over(settings) == []


def _over(settings: Settings) -> list[dict[str, Any]]:
    return [one for one in status_facts(settings, NOW)["alarms"] if one["alarm"] == "WAIVER-EXPIRED"]
