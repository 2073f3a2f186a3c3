"""Channels: what is listed, whose it is, what is left for next time."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from upath import UPath

from ingest.archive import Archive
from ingest.channels.names import is_safe, safe_label
from ingest.channels.places import ChannelError, Offer, Place, offers_in, places_of
from ingest.channels.settling import settled
from ingest.inbox import Arrival, Known, take_in
from jiheng.monitoring.logs import named
from jiheng.settings import Settings

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LONG_AGO = 1_700_000_000


def write(path: Path, text: str = "报告", modified: float | None = LONG_AGO) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if modified is not None:
        os.utime(path, (modified, modified))
    return path


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("JIHENG_INBOX", "JIHENG_DROP", "JIHENG_SETTLE_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    return Settings(tmp_path / "home")


def offers(settings: Settings, *divisions: str) -> list[Offer]:
    return [offer for place in places_of(settings) for offer in offers_in(place, divisions)]


def taken(settings: Settings, found: list[Offer], known: list[Known] | None = None) -> list[Arrival]:
    return take_in(found, Archive(settings.archive), known or [], NOON, {})


def test_every_channel_says_whose_a_file_is(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(settings.home, drop=tmp_path / "drop")
    write(settings.home / "inbox" / "a.txt")
    write(tmp_path / "drop" / "d1" / "2024" / "b.txt")
    write(settings.uploads / "d2" / "u-1" / "报告 终稿.docx")
    assert [
        (one.source_name, one.channel, one.sender_division, one.reason_code) for one in offers(settings, "d1", "d2")
    ] == [
        ("a.txt", "folder", None, None),
        ("d1/2024/b.txt", "drop", "d1", None),
        ("upload/d2/u-1/报告 终稿.docx", "upload", "d2", None),
    ]


def test_the_inbox_may_itself_have_a_folder_for_each_division(settings: Settings) -> None:
    write(settings.home / "inbox" / "d1" / "a.txt")
    write(settings.home / "inbox" / "others" / "b.txt")
    assert [(one.channel, one.sender_division) for one in offers(settings, "d1")] == [("drop", "d1"), ("folder", None)]


def test_a_drop_folder_of_no_division_is_told_once_and_read_when_the_register_knows_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(settings.home, drop=tmp_path / "drop")
    write(tmp_path / "drop" / "d9" / "a.txt")
    [first] = taken(settings, offers(settings, "d1"))
    assert (first.reason_code, first.sender_division) == ("UNKNOWN_SENDER", None)
    known = [Known(first.source_name, first.sha256, first.reason_code)]
    assert taken(settings, offers(settings, "d1"), known) == []
    [later] = taken(settings, offers(settings, "d9"), known)
    assert (later.reason_code, later.sender_division) == (None, "d9")
    assert later.arrival_id != first.arrival_id


def test_hidden_temporary_and_linked_files_and_receipts_are_passed_over(settings: Settings, tmp_path: Path) -> None:
    inbox = settings.home / "inbox"
    for name in (".a.txt", ".done/a", "~$b.docx", "c.docx.part", "d.PARTIAL", "e.tmp", "f.txt.回执/g.html"):
        write(inbox / name)
    outside = write(tmp_path / "outside" / "secret.txt")
    (inbox / "link.txt").symlink_to(outside)
    (inbox / "folder").symlink_to(outside.parent)
    write(inbox / "z.txt")
    assert [one.source_name for one in offers(settings)] == ["z.txt"]


def test_a_name_in_gbk_is_read(settings: Settings) -> None:
    inbox = settings.home / "inbox"
    inbox.mkdir(parents=True)
    with open(os.fsencode(inbox) + "/年度自评报告.txt".encode("gbk"), "wb") as stream:  # noqa: PTH123
        stream.write("报告".encode())
    [arrival] = taken(settings, offers(settings))
    assert (arrival.source_name, arrival.reason_code) == ("年度自评报告.txt", None)


def test_a_name_that_cannot_be_used_is_refused_under_another(settings: Settings) -> None:
    write(settings.home / "inbox" / "a\\b\n.txt")
    [arrival] = taken(settings, offers(settings))
    assert arrival.reason_code == "UNSAFE_NAME" and is_safe(arrival.source_name)
    write(settings.home / "inbox" / "renamed.txt")
    known = [Known(arrival.source_name, arrival.sha256, arrival.reason_code)]
    [renamed] = taken(settings, offers(settings), known)
    assert (renamed.source_name, renamed.reason_code) == ("renamed.txt", None), (
        "the bytes themselves were never refused"
    )


@pytest.mark.parametrize("name", ["../a", "a/../b", "/a", "a//b", "C:a", "a\\b", "a\x00b", "a/" + "县" * 90, "./a", ""])
def test_no_name_leads_out_of_a_folder(name: str) -> None:
    assert not is_safe(name)
    assert is_safe(safe_label(name))


@pytest.mark.parametrize("name", ["a.docx", "县　教育局（定稿）/2024 年.docx", "a..b", "...a"])
def test_ordinary_names_are_safe(name: str) -> None:
    assert is_safe(name)


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """A writer that goes on writing to a file."""
    done = threading.Event()

    def write_on() -> None:
        with path.open("a", encoding="utf-8") as stream:
            while not done.wait(0.05):
                stream.write("一行\n")
                stream.flush()

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def test_a_file_that_is_being_written_is_left_until_it_lies_still(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = settings.home / "inbox"
    write(inbox / "old.txt")
    write(inbox / "just_written.txt", modified=None)
    half = write(inbox / "half.txt", "第一行\n", modified=None)
    with growing(half), caplog.at_level(logging.WARNING):
        first = settled(offers(settings), 0.5)
    assert [one.source_name for one in first] == ["just_written.txt", "old.txt"]
    assert named("half.txt") in caplog.text
    second = taken(settings, settled(offers(settings), 0.5))
    whole = next(one for one in second if one.source_name == "half.txt")
    assert Archive(settings.archive).path_of(whole.sha256).read_bytes() == half.read_bytes()


def test_all_recent_files_are_waited_for_once_and_no_longer_than_the_youngest_needs(settings: Settings) -> None:
    now = time.time()
    for number in range(40):
        write(settings.home / "inbox" / f"{number}.txt", modified=now - 0.1)
    began = time.monotonic()
    assert len(settled(offers(settings), 0.6)) == 40
    assert 0.2 < time.monotonic() - began < 1.5


def test_old_files_are_not_waited_for(settings: Settings) -> None:
    write(settings.home / "inbox" / "a.txt")
    began = time.monotonic()
    assert len(settled(offers(settings), 30)) == 1
    assert time.monotonic() - began < 5


def test_a_time_in_the_future_counts_as_recent(settings: Settings) -> None:
    path = write(settings.home / "inbox" / "a.txt", modified=time.time() + 86_400)
    found = offers(settings)
    began = time.monotonic()
    assert settled(found, 0.3) == found
    assert time.monotonic() - began >= 0.3
    timer = threading.Timer(0.1, lambda: write(path, "更长的报告", modified=time.time() + 86_400))
    timer.start()
    assert settled(found, 0.4) == []
    timer.join()


def test_settling_can_be_switched_off(settings: Settings) -> None:
    assert settings.settle_seconds == 2
    settings = Settings(settings.home, settle_seconds=0)
    write(settings.home / "inbox" / "a.txt", modified=None)
    began = time.monotonic()
    assert len(settled(offers(settings), settings.settle_seconds)) == 1
    assert time.monotonic() - began < 1


def test_what_vanishes_or_changes_after_listing_does_not_stop_the_intake(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = settings.home / "inbox"
    gone, changed, folder = (write(inbox / name, name) for name in ("gone.txt", "changed.txt", "now_a_folder.txt"))
    write(inbox / "stays.txt")
    found = offers(settings)
    gone.unlink()
    changed.write_text("再次写入")
    folder.unlink()
    folder.mkdir()
    with caplog.at_level(logging.WARNING):
        assert [one.source_name for one in taken(settings, found)] == ["stays.txt"]
    assert all(named(name) in caplog.text for name in ("gone.txt", "changed.txt", "now_a_folder.txt"))
    again = taken(settings, offers(settings), [Known("stays.txt", "?")])
    assert "changed.txt" in [one.source_name for one in again]


def test_a_file_beyond_all_measure_is_refused_unread_and_told_once(settings: Settings) -> None:
    path = settings.home / "inbox" / "huge.zip"
    path.parent.mkdir(parents=True)
    with path.open("wb") as stream:
        stream.truncate(300 * 1024**3)
    [arrival] = taken(settings, offers(settings))
    row = arrival.row("quarantined", None, arrival.reason_code)
    assert (row["reason_code"], row["sha256"], row["size_bytes"]) == ("TOO_LARGE", None, 300 * 1024**3)
    known = [Known("huge.zip", None, "TOO_LARGE")]
    assert taken(settings, offers(settings), known) == []
    path.unlink()
    write(path, "报告")
    assert [one.reason_code for one in taken(settings, offers(settings), known)] == [None]


def test_uploads_bear_the_time_of_the_upload_and_come_in_its_order(settings: Settings) -> None:
    earlier = NOON - timedelta(hours=20)
    write(settings.uploads / "d1" / "zz" / "a.txt", "第一次", earlier.timestamp())
    write(settings.uploads / "d1" / "aa" / "a.txt", "第二次", (earlier + timedelta(hours=1)).timestamp())
    found = taken(settings, offers(settings, "d1"))
    assert [(one.source_name, one.received_at) for one in found] == [
        ("upload/d1/zz/a.txt", earlier),
        ("upload/d1/aa/a.txt", earlier + timedelta(hours=1)),
    ]


def test_a_place_that_cannot_be_listed_says_which_and_what_to_do() -> None:
    with pytest.raises(ChannelError, match=r"读取 smb://.*share 需要另装的程序：make object-store"):
        offers_in(Place(UPath("smb://nowhere/share"), "bucket"), ())
