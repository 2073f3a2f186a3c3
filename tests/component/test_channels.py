"""Intake from a local folder and a real S3-compatible server over HTTP by the same test bodies; SFTP into a drop."""

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from upath import UPath

from ingest.archive import Archive
from ingest.channels.places import ChannelError, Offer, offers_in, places_of
from ingest.channels.seen import Seen
from ingest.inbox import take_in
from ingest.intake import Intake
from ingest.receipts import folder_of
from jiheng.settings import PROJECT_ROOT, Settings
from tests.stores import SECRET, Server, rclone, s3, serving
from tests.unit.test_intake import DIVISIONS, REPORT

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
BUCKET = "submissions"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An S3-compatible server that wants its key; the credentials are in the usual environment."""
    with s3(tmp_path / "store", BUCKET, monkeypatch) as running:
        yield running


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("JIHENG_INBOX", "JIHENG_REGISTERS", "JIHENG_DROP", "JIHENG_RECEIPTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JIHENG_SETTLE_SECONDS", "0")
    if "inbox" in request.fixturenames:
        request.getfixturevalue("place")  # settings are read once
    made = Settings(tmp_path / "home")
    (made.home / "registers").mkdir(parents=True)
    (made.home / "registers" / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    return made


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JIHENG_INBOX names a local folder, or a prefix of a bucket."""
    if request.param == "bucket":
        request.getfixturevalue("server")
        monkeypatch.setenv("JIHENG_INBOX", f"s3://{BUCKET}/in")
    else:
        monkeypatch.setenv("JIHENG_INBOX", str(tmp_path / "in"))


@pytest.fixture
def inbox(place: None, settings: Settings) -> UPath:
    return settings.inbox


def put(inbox: UPath, name: str, content: bytes) -> None:
    path = inbox.joinpath(*name.split("/"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def report(amount: int) -> bytes:
    return REPORT.format(amount=amount).encode()


def taken_in(settings: Settings, hours: int = 0) -> dict[str, object]:
    run = Intake(settings, f"run {hours}", NOON + timedelta(hours=hours))
    run.take_in()
    run.read_and_check()
    return vars(run.land())


def look(settings: Settings) -> list[dict[str, object]]:
    return Intake(settings, "look", NOON).lake.read("arrival")


def offers(settings: Settings) -> list[Offer]:
    return [offer for place in places_of(settings) for offer in offers_in(place, ())]


def content_of(inbox: UPath) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in inbox.rglob("*") if path.is_file()}


def test_files_are_taken_in_once_with_receipts_and_nothing_is_changed_where_they_lie(
    settings: Settings, inbox: UPath
) -> None:
    put(inbox, "示例县/教育局 自评#1%（终稿）.txt", report(100))
    put(inbox, "again.txt", report(100))
    put(inbox, "empty.txt", b" ")
    put(inbox, ".hidden.txt", b"x")
    put(inbox, "half.docx.part", b"x")
    before = content_of(inbox)
    first = taken_in(settings)
    assert (first["received"], first["accepted"], first["quarantined"]) == (3, 1, 2)
    rows = {row["source_name"]: row["reason_code"] for row in look(settings)}
    assert sorted(rows.values(), key=str) == ["DUPLICATE", "EMPTY_FILE", None]
    assert set(rows) == {"示例县/教育局 自评#1%（终稿）.txt", "again.txt", "empty.txt"}
    assert list(folder_of(settings.receipts, "示例县/教育局 自评#1%（终稿）.txt").glob("*.html"))
    assert taken_in(settings, 1)["received"] == 0
    put(inbox, "again.txt", report(200))
    assert taken_in(settings, 2)["accepted"] == 1
    assert content_of(inbox) == before | {"again.txt": report(200)}


def test_the_folder_of_a_division_says_who_sent_it(settings: Settings, inbox: UPath) -> None:
    put(inbox, "d1/a.txt", report(100))
    put(inbox, "d2/b.txt", report(200))
    taken_in(settings)
    assert {row["source_name"]: row["sender_division"] for row in look(settings)} == {
        "d1/a.txt": "d1",
        "d2/b.txt": None,
    }


def test_a_parcel_is_taken_apart(settings: Settings, inbox: UPath) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("清单.csv", "文件,区划,部门,年度\n教育.txt,示例县,教育局,2024\n缺.txt,,,\n")
        archive.writestr("教育.txt", report(100))
    put(inbox, "d1/全县.zip", target.getvalue())
    taken_in(settings)
    assert {
        row["source_name"]: (row["outcome"], row["reason_code"], row["sender_division"]) for row in look(settings)
    } == {
        "d1/全县.zip": ("unpacked", None, "d1"),
        "d1/全县.zip/教育.txt": ("identified", None, "d1"),
        "d1/全县.zip/缺.txt": ("quarantined", "MEMBER_MISSING", "d1"),
    }
    assert taken_in(settings, 1)["received"] == 0


def test_what_vanishes_after_listing_is_left(settings: Settings, inbox: UPath) -> None:
    put(inbox, "a.txt", report(100))
    put(inbox, "b.txt", report(200))
    found = offers(settings)
    inbox.joinpath("a.txt").unlink()
    assert [one.source_name for one in take_in(found, Archive(settings.archive), (), NOON, {})] == ["b.txt"]


def test_a_long_lived_process_sees_what_is_new(settings: Settings, inbox: UPath) -> None:
    put(inbox, "a.txt", report(100))
    assert [one.source_name for one in offers(settings)] == ["a.txt"]
    put(inbox, "b.txt", report(200))
    assert [one.source_name for one in offers(settings)] == ["a.txt", "b.txt"]


def test_objects_are_whole_and_bear_the_time_of_the_store(
    settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIHENG_INBOX", f"s3://{BUCKET}/in")
    settings = Settings(settings.home, settle_seconds=30)
    put(settings.inbox, "a.txt", report(100))
    began, run = time.monotonic(), Intake(settings, "run", datetime.now(UTC) + timedelta(days=1))
    assert run.take_in() == 1
    assert time.monotonic() - began < 20, "an object needs no waiting"
    [arrival] = run._arrivals()
    assert arrival.channel == "bucket"
    assert abs((arrival.received_at - datetime.now(UTC)).total_seconds()) < 60


def test_objects_that_were_taken_in_are_not_fetched_again(
    settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIHENG_INBOX", f"s3://{BUCKET}/in")
    settings = Settings(settings.home)
    put(settings.inbox, "a.txt", report(100))
    taken_in(settings)
    fetched: list[str] = []
    real: Callable[[Offer], bytes] = Offer.content
    monkeypatch.setattr(Offer, "content", lambda offer: fetched.append(offer.source_name) or real(offer))
    put(settings.inbox, "b.txt", report(200))
    assert taken_in(settings, 1)["received"] == 1
    assert fetched == ["b.txt"]
    put(settings.inbox, "a.txt", report(300))
    assert taken_in(settings, 2)["received"] == 1
    settings.seen.write_text("{", encoding="utf-8")
    assert Seen.at(settings.seen).digests == {}
    fetched.clear()
    assert taken_in(settings, 3)["received"] == 0
    assert sorted(fetched) == ["a.txt", "b.txt"]


def test_an_object_that_comes_shorter_than_it_was_listed_is_left_for_next_time(
    settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("JIHENG_INBOX", f"s3://{BUCKET}/in")
    settings = Settings(settings.home)
    put(settings.inbox, "a.txt", report(100))
    real: Callable[[Offer], bytes] = Offer.content
    with monkeypatch.context() as patch:
        patch.setattr(Offer, "content", lambda offer: real(offer)[:-1])
        assert Intake(settings, "short", NOON).take_in() == 0
    assert "下次再收" in caplog.text
    assert taken_in(settings)["accepted"] == 1


def test_keys_that_lead_out_of_a_folder_lead_nowhere(
    settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIHENG_INBOX", f"s3://{BUCKET}/in")
    settings = Settings(settings.home)
    put(settings.inbox, "a\\..\\b.txt", report(100))
    taken_in(settings)
    [row] = look(settings)
    assert row["reason_code"] == "UNSAFE_NAME" and "\\" not in str(row["source_name"])


def test_a_store_that_stops_answering_leaves_the_rest_for_next_time(
    settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("JIHENG_INBOX", f"s3://{BUCKET}/in")
    settings = Settings(settings.home)
    for number in range(50):
        put(settings.inbox, f"{number}.txt", report(number))
    upload = settings.uploads / "d1" / "u1" / "a.txt"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(report(999))
    found = [offer for place in places_of(settings) for offer in offers_in(place, ("d1",))]
    server.stop()
    began = time.monotonic()
    arrivals = take_in(found, Archive(settings.archive), (), NOON, {})
    assert [one.source_name for one in arrivals] == ["upload/d1/u1/a.txt"], "other channels go on"
    assert time.monotonic() - began < 40, "one wait, not one for each object"
    assert "没有应答" in caplog.text


@pytest.mark.parametrize(
    ("variable", "value"), [("AWS_SECRET_ACCESS_KEY", "wrong"), ("JIHENG_INBOX", "s3://nowhere/in")]
)
def test_a_bucket_that_cannot_be_opened_says_what_to_look_at(
    settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv("JIHENG_INBOX", f"s3://{BUCKET}/in")
    monkeypatch.setenv(variable, value)
    settings = Settings(settings.home)
    with pytest.raises(ChannelError, match=r"打不开收件处 s3://.*AWS_ENDPOINT_URL") as refused:
        offers(settings)
    assert SECRET not in str(refused.value)


def test_the_command_takes_the_url_of_a_bucket(settings: Settings, server: Server) -> None:
    put(UPath(f"s3://{BUCKET}/in"), "a.txt", report(100))
    environment = os.environ | {"JIHENG_HOME": str(settings.home)}
    for place, says in ((f"s3://{BUCKET}/in", '"accepted": 1'), ("s3://nowhere/in", "打不开收件处 s3://nowhere/in")):
        command = [sys.executable, "-m", "jiheng.cli", "intake", "--inbox", place]
        ran = subprocess.run(
            command, check=False, env=environment, capture_output=True, text=True, cwd=PROJECT_ROOT, timeout=120
        )
        assert says in ran.stdout + ran.stderr
        assert ran.returncode == (0 if "accepted" in says else 1)


def test_a_drop_area_that_is_filled_over_sftp(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop, sent = tmp_path / "drop", tmp_path / "sent"
    drop.mkdir()
    sent.mkdir()
    (sent / "教育局自评.txt").write_bytes(report(100))
    settings = Settings(settings.home, drop=drop)
    with serving("sftp", drop, "--user", "d1", "--pass", "secret") as server:
        place = f":sftp,host=127.0.0.1,port={server.port},user=d1,pass={obscured('secret')}:d1"
        subprocess.run([rclone(), "copy", str(sent), place, "--config", ""], check=True, timeout=60)
    taken_in(settings)
    [row] = look(settings)
    assert (row["source_name"], row["channel"], row["sender_division"]) == ("d1/教育局自评.txt", "drop", "d1")
    assert row["outcome"] == "identified"


def obscured(password: str) -> str:
    """A password as rclone wants it in an address."""
    done = subprocess.run([rclone(), "obscure", password], check=True, capture_output=True, text=True, timeout=20)
    return done.stdout.strip()
