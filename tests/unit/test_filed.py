"""Which divisions have filed for a year, by the registers and the lake, and when there are enough of them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.lake import Lake
from jiheng import filed
from jiheng.notifying.due import due
from jiheng.settings import Settings

NOW = datetime(2026, 3, 20, 8, tzinfo=UTC)
DIVISIONS = "division_key,name,aliases,kind,fiscal_parent_key,province_key,valid_from,valid_to\n"
DUE = "division_key,department_name,functions,fiscal_year,due_on,source\n"


class Province:
    """Registers and a lake of two counties: one owes two reports, the other one."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home)
        self.lake = Lake(self.settings.lake)
        self.batches = 0
        folder = home / "registers"
        folder.mkdir(parents=True)
        places = [("p", "某省", "province"), ("p1", "甲县", "county"), ("p2", "乙县", "county")]
        lines = [f"{key},{name},,{kind},p,p,2018-01-01,\n" for key, name, kind in places]
        (folder / "divisions.csv").write_text(DIVISIONS + "".join(lines), encoding="utf-8")
        owed = [("p1", "财政局", 2025), ("p1", "教育局", 2025), ("p2", "财政局", 2025), ("p2", "财政局", 2024)]
        lines = [f"{key},{name},finance,{year},{year + 1}-03-31,\n" for key, name, year in owed]
        (folder / "due_submissions.csv").write_text(DUE + "".join(lines), encoding="utf-8")
        self.land(
            division=[
                {"division_key": key, "name": name, "valid_from": date(2018, 1, 1)} | {"province_key": "p"}
                for key, name, _ in places
            ],
            due_submission=[
                {"division_key": key, "department_key": f"{key}-{name}", "fiscal_year": year}
                for key, name, year in owed
            ],
        )

    def land(self, **rows: list[dict[str, Any]]) -> str:
        self.batches += 1
        with self.lake.alone():
            self.lake.ensure()
            batch = self.lake.land(rows, NOW + timedelta(minutes=self.batches))
        assert batch
        return batch

    def hand_in(self, division: str, department: str, year: int = 2025, verdict: str = "accepted") -> str:
        """A report lands; gives its batch."""
        about = {"division_key": division, "department_key": f"{division}-{department}", "fiscal_year": year}
        received = {"received_at": NOW + timedelta(minutes=self.batches), "verdict": verdict}
        return self.land(submission_version=[about | received | {"submission_id": f"{division}-{department}-{year}"}])

    def withdraw(self, division: str, department: str, year: int = 2025) -> str:
        """A report is withdrawn a moment after what has landed last; gives the batch."""
        at = NOW + timedelta(minutes=self.batches, seconds=1)
        about = {"submission_id": f"{division}-{department}-{year}", "at": at}
        return self.land(act=[{"act_id": f"a{self.batches}", "kind": "withdrawal"} | about])


@pytest.fixture
def province(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Province:
    monkeypatch.delenv("JIHENG_REGISTERS", raising=False)
    return Province(tmp_path)


def test_a_division_has_filed_when_all_that_it_owes_for_the_year_has_landed(province: Province) -> None:
    settings = province.settings
    first = province.hand_in("p1", "财政局")
    assert filed.filed_by(settings, [first]) == []
    other_year = province.hand_in("p1", "教育局", 2024)
    assert filed.filed_by(settings, [other_year]) == [], "nobody asked for that year"
    last = province.hand_in("p1", "教育局", verdict="returned")
    assert filed.filed_by(settings, [last]) == ["2025|p1"] == filed.filed(settings)
    assert filed.filed_by(settings, [first]) == ["2025|p1"]
    told = filed.standing(settings, "2025|p1")
    assert told == {"division": "甲县", "fiscal_year": 2025, "due": 2, "received": 2, "returned": 1}
    # The newest version counts.
    again = province.hand_in("p1", "教育局")
    assert filed.filed_by(settings, [again]) == ["2025|p1"]
    assert filed.standing(settings, "2025|p1")["returned"] == 0


def test_a_report_that_was_withdrawn_has_not_been_filed_until_it_comes_again(province: Province) -> None:
    settings = province.settings
    for department in ("财政局", "教育局"):
        province.hand_in("p1", department)
    assert filed.filed(settings) == ["2025|p1"]
    province.withdraw("p1", "教育局")
    province.withdraw("p1", "教育局", 2024)
    assert filed.filed(settings) == []
    assert filed.standing(settings, "2025|p1")["received"] == 1
    again = province.hand_in("p1", "教育局")
    assert filed.filed_by(settings, [again]) == ["2025|p1"] == filed.filed(settings)


def test_the_year_that_is_awaited_is_the_newest_of_the_register(province: Province, tmp_path: Path) -> None:
    asked = filed.awaited(province.settings)
    assert asked == filed.Awaited(2025, ("2025|p1", "2025|p2"))
    assert [asked.quorum(percent) for percent in (1, 50, 51, 100)] == [1, 1, 2, 2]
    assert filed.awaited(Settings(tmp_path / "nowhere")) is None


def test_the_officers_are_told_of_a_quorum_once(province: Province) -> None:
    settings = province.settings
    province.hand_in("p2", "财政局")
    record = filed.record_quorum(settings, 2025, NOW)
    assert (record["filed_then"], record["filed"], record["due"]) == (1, 1, 2)
    [notice] = due(settings, None, 20, NOW)
    assert notice.key == "filed/2025" and "2025 年度已有 1 个区划报齐" in notice.messages["zh"].title
    assert "还有 1 个区划没有报齐" in "".join(notice.messages["zh"].lines)
    province.hand_in("p1", "财政局")
    province.hand_in("p1", "教育局")
    later = filed.record_quorum(settings, 2025, NOW + timedelta(days=1))
    assert (later["filed_then"], later["filed"], later["reached_at"]) == (1, 2, NOW.isoformat())
    assert [one.key for one in due(settings, None, 20, NOW + timedelta(days=1))] == ["filed/2025"]
    assert due(settings, None, 20, NOW + timedelta(days=3)) == []
