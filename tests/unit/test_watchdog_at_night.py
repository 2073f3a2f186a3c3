"""Alarms that are raised while a night runs: it is late, or a task took too long."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jiheng.notifying.due import due
from jiheng.settings import LOCAL_TIME, Settings
from jiheng.watchdog import tell_of_timeout, warn_of_late_night, watch
from publish import acts
from publish.records import history


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "editions").mkdir()
    return Settings(tmp_path)


def alarms(settings: Settings) -> list[list[str]]:
    return [line["kinds"] for line in history(settings.editions) if line["event"] == "alarm"]


def test_a_night_that_has_not_ended_is_told_and_put_on_record(settings: Settings) -> None:
    now = datetime.now(UTC)
    words = warn_of_late_night(settings, now)
    assert words and f"到 {now.astimezone(LOCAL_TIME):%H:%M} 仍未发布" in words
    assert alarms(settings) == [["late"]]
    [notice] = due(settings, None, 100, now + timedelta(seconds=1))
    assert notice.messages["zh-CN" if "zh-CN" in notice.messages else "zh"].title.endswith("：运行告警")


@pytest.mark.parametrize("event", ["publish", "hold"])
def test_a_night_that_has_ended_is_not_late(settings: Settings, event: str) -> None:
    acts.note(settings.editions, {"event": event, "edition_id": "e1", "why": ["K01"], "expectations": ["K01"]})
    assert warn_of_late_night(settings, datetime.now(UTC)) is None and alarms(settings) == []
    assert warn_of_late_night(settings, datetime.now(UTC) + timedelta(days=1)), "that was another day's night"


def test_a_task_that_took_too_long_is_an_alarm(settings: Settings) -> None:
    assert "“建仓”超过 120 分钟" in tell_of_timeout(settings, "建仓", 120)
    assert alarms(settings) == [["timeout"]]


def test_a_backup_that_is_missing_is_told_once_a_day_and_only_to_the_officers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "editions").mkdir()
    (tmp_path / "backups").mkdir()
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    monkeypatch.setenv("JIHENG_BACKUP_TO", str(tmp_path / "backups"))
    settings, now = Settings.from_environment(), datetime.now(UTC)
    acts.note(settings.editions, {"event": "publish", "edition_id": "e1"})
    assert any("还没有备份" in words for words in watch(settings, now))
    watch(settings, now)
    assert not [kinds for kinds in alarms(settings) if "backup" in kinds], "readers of the site need not know"
    [notice] = [one for one in due(settings, None, 100, now + timedelta(seconds=1)) if one.key.endswith("/backup")]
    told = notice.messages["zh-CN" if "zh-CN" in notice.messages else "zh"]
    words = "\n".join(told.lines)
    assert "还没有备份" in words and "BACKUP-TOO-OLD.md" in words
