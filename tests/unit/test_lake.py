"""The lake, the archive and the inbox: appended, never changed; there or not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from upath import UPath

from ingest import registers
from ingest.archive import Archive
from ingest.channels.places import Offer, Place, offers_in
from ingest.inbox import Known, take_in
from ingest.lake import GENESIS, Lake
from ingest.schema import TABLES, landed_schema
from ingest.tables import TableError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_an_empty_lake_has_every_table(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert all(lake.read(table) == [] for table in TABLES)
    assert [path.name for path in lake.batches.iterdir()] == [GENESIS]
    assert "recorded_at" in landed_schema("claim").names


def test_what_is_landed_is_read_back_exactly(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.land({"claim": [{"claim_id": "c1", "value": "16141.66", "period_start": "2020-01-01"}]}, NOON)
    [row] = lake.read("claim")
    assert row["value"] == Decimal("16141.66")
    assert row["period_start"].year == 2020
    assert row["recorded_at"] == NOON


def test_nothing_to_land_writes_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    before = lake.state(NOON)
    assert lake.land({"claim": []}, NOON) is None
    assert lake.state(NOON) == before


def test_a_past_night_sees_what_was_there_then(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.land({"statement": [{"statement_id": "s1"}]}, NOON)
    then = lake.state(NOON)
    lake.land({"statement": [{"statement_id": "s2"}]}, NOON + timedelta(hours=1))
    assert lake.state(NOON) == then
    assert [row["statement_id"] for row in lake.read("statement", as_of=NOON)] == ["s1"]
    assert lake.totals(["statement"], NOON + timedelta(hours=2)) == {"statement": 2}


def test_damage_is_seen(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    batch = lake.land({"statement": [{"statement_id": "s1"}]}, NOON)
    assert lake.damage() == []
    (lake.batches / str(batch) / "statement.parquet").write_bytes(b"other")
    assert lake.damage() == [f"{batch}/statement.parquet"]


def test_a_killed_landing_leaves_nothing_behind_that_is_read(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.ensure()
    half = lake.root / ".staging" / "half"
    half.mkdir(parents=True)
    (half / "claim.parquet").write_bytes(b"half written")
    assert lake.read("claim") == []


def lying_in(folder: Path) -> list[Offer]:
    return offers_in(Place(UPath(folder), "folder"), ())


def test_files_are_taken_in_once(tmp_path: Path) -> None:
    inbox, archive = tmp_path / "inbox", Archive(tmp_path / "archive")
    inbox.mkdir()
    for name, text in (("a.txt", "报告"), ("b.txt", "报告"), ("c.txt", " "), (".hidden", "x"), ("~$d.docx", "x")):
        (inbox / name).write_text(text)
    first = take_in(lying_in(inbox), archive, (), NOON, {})
    assert [(one.source_name, one.reason_code) for one in first] == [
        *(("a.txt", None), ("b.txt", "DUPLICATE"), ("c.txt", "EMPTY_FILE")),
    ]
    assert archive.path_of(first[0].sha256).read_text() == "报告"
    assert take_in(lying_in(inbox), archive, [Known(one.source_name, one.sha256) for one in first], NOON, {}) == []
    assert sorted(path.name for path in inbox.iterdir()) == [".hidden", "a.txt", "b.txt", "c.txt", "~$d.docx"]


def test_a_file_that_our_reader_failed_on_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("报告")
    archive = Archive(tmp_path / "archive" / "x")
    [first] = [one for one in take_in(lying_in(tmp_path), archive, (), NOON, {}) if one.source_name == "a.txt"]
    failed = [Known(first.source_name, first.sha256, "READER_FAILED")]
    again = [one for one in take_in(lying_in(tmp_path), archive, failed, NOON, {}) if one.source_name == "a.txt"]
    assert [one.reason_code for one in again] == [None]
    assert again[0].arrival_id != first.arrival_id
    resting = [Known(first.source_name, first.sha256, "READER_FAILED", rests=True)]
    tired = [one.source_name for one in take_in(lying_in(tmp_path), archive, resting, NOON, {})]
    assert "a.txt" not in tired, "not with every intake"
    settled = [*failed, Known(first.source_name, first.sha256, None)]
    assert "a.txt" not in [one.source_name for one in take_in(lying_in(tmp_path), archive, settled, NOON, {})]


def test_files_are_taken_in_in_the_order_of_their_delivery(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("later")
    (tmp_path / "b.txt").write_text("earlier")
    delivered = {"b.txt": NOON - timedelta(days=1)}
    assert [one.source_name for one in take_in(lying_in(tmp_path), Archive(tmp_path / "x"), (), NOON, delivered)] == [
        "b.txt",
        "a.txt",
    ]


def test_a_wrong_register_says_which_line(tmp_path: Path) -> None:
    (tmp_path / "divisions.csv").write_text(
        "division_key,gb_code,mof_div_code,name,aliases,kind,region_group,league,fiscal_parent_key,map_parent_key,"
        "province_key,valid_from,valid_to,source\na,,,甲县,,county,,county,,,p,2018/1/1,,x\n"
    )
    with pytest.raises(TableError, match=r"divisions.csv line 2, column valid_from: write a date like 2026-03-31"):
        registers.division_rows([tmp_path])
