"""The first screen where the clock is not believed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from jiheng.monitoring.status import status_facts
from jiheng.settings import Settings
from publish.records import record


def test_a_clock_that_is_not_believed_is_no_good_night(tmp_path: Path) -> None:
    edition = tmp_path / "editions" / "e1"
    edition.mkdir(parents=True)
    (edition / "manifest.json").write_text('{"edition_id": "e1"}', encoding="utf-8")
    (tmp_path / "editions" / "current").symlink_to("e1")
    now = datetime.now(UTC)
    for at, good in ((now, True), (now + timedelta(hours=3), False)):
        log = tmp_path / "editions" / "publications.jsonl"
        log.unlink(missing_ok=True)
        record(tmp_path / "editions", {"event": "publish", "edition_id": "e1", "at": at.isoformat()})
        told = status_facts(Settings(tmp_path), now)
        assert told["good"] is good
        assert ("GATE-CLOCK" in [one["alarm"] for one in told["alarms"]]) is not good
