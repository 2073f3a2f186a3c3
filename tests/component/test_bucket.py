"""Published editions in an object store: whole before they are pointed at, whatever is killed, slow or away."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from upath import UPath

from jiheng.files import sha256_of_bytes, sha256_of_file
from jiheng.settings import PROJECT_ROOT, Settings
from publish import acts, bucket, editions, signing
from publish.bucket import pointer
from tests.component import edition_fixture as made
from tests.stores import Server, conditional, reset_store, s3

NAME = "published"
SEED = 20261122


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with s3(tmp_path / "store", NAME, monkeypatch) as running:
        yield running


@pytest.fixture(params=["folder", "rclone", "conditional"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[UPath]:
    """A folder, rclone's S3 server, and the same behind a front that honours conditional writes."""
    if request.param == "folder":
        yield UPath(tmp_path / "mirror")
        return
    server = request.getfixturevalue("server")
    if request.param == "rclone":
        yield UPath(f"s3://{NAME}/jiheng")
        return
    with conditional(server, monkeypatch):
        yield UPath(f"s3://{NAME}/jiheng")


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., Path]:
    """Publish an edition of a few tables' worth and many small files, as they are on the way to a store."""

    def act(edition_id: str, files: int = 40) -> Path:
        private, folder = tmp_path / f"private-{edition_id}", tmp_path / "home" / "editions"
        (private / "site" / "department").mkdir(parents=True)
        with duckdb.connect(str(private / "warehouse.duckdb")) as con:
            con.execute("CREATE TABLE rank_division AS SELECT range AS division_key FROM range(1000)")
        for number in range(files):
            (private / "site" / "department" / f"{number}.html").write_text(f"{edition_id} {number} 页\n" * 40)
        (private / "diff.json").write_text(json.dumps({"edition": edition_id}))
        facts = made.facts(edition_id)
        editions.begin(private, facts)
        editions.complete(private, facts)
        acts.publish(private, folder)
        return folder / edition_id

    return act


def content_of(place: UPath, edition_id: str) -> dict[str, str]:
    root = place / edition_id
    place.fs.invalidate_cache()
    names = [str(name) for name in place.fs.find(root.path)]
    return {name[len(root.path.rstrip("/")) + 1 :]: sha256_of_bytes(place.fs.cat_file(name)) for name in names}


def content_here(edition: Path) -> dict[str, str]:
    return {p.relative_to(edition).as_posix(): sha256_of_file(p) for p in edition.rglob("*") if p.is_file()}


def standing(place: UPath) -> str | None:
    found = bucket.read(place)
    return found.edition_id if found else None


def assert_sound(place: UPath, folder: Path) -> None:
    """Whatever is pointed at is there to its last byte."""
    found = bucket.read(place)
    if found is not None:
        assert content_of(place, found.edition_id) == content_here(folder / found.edition_id)


def test_an_edition_is_copied_whole_and_pointed_at(place: UPath, publish: Callable[..., Path]) -> None:
    edition = publish("e1")
    assert bucket.follow(place, edition.parent).outcome == "sent"
    assert content_of(place, "e1") == content_here(edition)
    found = bucket.read(place)
    assert found is not None and found.sequence == 1 and found.names("e1", sha256_of_file(edition / "manifest.json"))
    assert bucket.follow(place, edition.parent).outcome == "unchanged"
    assert [event["event"] for event in editions.history(edition.parent)] == ["publish", "mirror"]


def test_an_undo_moves_the_pointer_back_and_old_objects_stay(place: UPath, publish: Callable[..., Path]) -> None:
    folder = publish("e1").parent
    bucket.follow(place, folder)
    publish("e2")
    bucket.follow(place, folder)
    assert standing(place) == "e2" and bucket.there(place) == ["e1", "e2"]
    acts.rollback(folder)
    began = time.monotonic()
    assert bucket.follow(place, folder).outcome == "sent"
    assert time.monotonic() - began < 10
    found = bucket.read(place)
    assert found is not None and (found.edition_id, found.sequence) == ("e1", 3)
    assert content_of(place, "e2") == content_here(folder / "e2"), "whoever reads e2 goes on"
    manifest = sha256_of_file(folder / "e2" / "manifest.json")
    assert bucket.point_to(place, "e2", manifest).sequence == 4
    with pytest.raises(bucket.BucketError, match="e3"):
        bucket.point_to(place, "e3", manifest)
    assert standing(place) == "e2"


def test_retention_removes_but_never_what_is_pointed_at(place: UPath, publish: Callable[..., Path]) -> None:
    folder = publish("e1").parent
    bucket.follow(place, folder)
    with pytest.raises(bucket.BucketError, match="e1"):
        bucket.remove(place, "e1")
    for name in ("..", "e1/..", ""):
        with pytest.raises(bucket.BucketError):
            bucket.remove(place, name)
    publish("e2")
    bucket.follow(place, folder)
    bucket.remove(place, "e1")
    assert bucket.there(place) == ["e2"] and content_of(place, "e1") == {}
    assert content_of(place, "e2") == content_here(folder / "e2")


def test_what_is_retired_here_is_removed_there_when_the_store_is_back(
    place: UPath, publish: Callable[..., Path]
) -> None:
    folder = publish("e1").parent
    bucket.follow(place, folder)
    publish("e2")
    shutil.rmtree(folder / "e1")
    editions.record(folder, {"event": "retire", "edition_id": "e1", "why": "保留期已过"})
    assert bucket.follow(place, folder).outcome == "sent"
    assert bucket.there(place) == ["e2"]


def test_what_is_there_and_the_same_is_not_sent_again(place: UPath, publish: Callable[..., Path]) -> None:
    from publish.bucket.copying import copy

    edition = publish("e1")
    bucket.send(place, edition)
    place.fs.rm([(place / "e1" / "manifest.json").path, (place / "e1" / "about.json").path])
    place.fs.pipe_file((place / "e1" / "diff.json").path, b"x" * (edition / "diff.json").stat().st_size)
    copied = copy(place, edition)
    assert (copied.sent, copied.kept) == (3, len(content_here(edition)) - 3)
    assert content_of(place, "e1") == content_here(edition)


def test_another_edition_of_the_same_id_is_left_alone(
    place: UPath, publish: Callable[..., Path], tmp_path: Path
) -> None:
    bucket.send(place, publish("e1"))
    before = content_of(place, "e1")
    edition = tmp_path / "elsewhere" / "e1"
    shutil.copytree(tmp_path / "home" / "editions" / "e1", edition)
    (edition / "manifest.json").chmod(0o644)
    editions.complete(edition, made.facts("e1") | {"code_version": "9.9.9"})
    with pytest.raises(bucket.NotTheSameError):
        bucket.send(place, edition)
    assert content_of(place, "e1") == before


def test_a_damaged_edition_is_not_sent(place: UPath, publish: Callable[..., Path]) -> None:
    edition = publish("e1")
    (edition / "diff.json").chmod(0o644)
    (edition / "diff.json").write_text("{}")
    assert "diff.json" in bucket.follow(place, edition.parent).words
    assert standing(place) is None and bucket.there(place) == []


def test_a_signature_and_its_edition_arrive_before_the_manifest(
    place: UPath, publish: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = signing.new_keys(tmp_path / "keys")
    monkeypatch.setenv("JIHENG_SIGNING_KEY", str(secret))
    edition = publish("e1")
    bucket.send(place, edition)
    assert "manifest.json.minisig" in content_of(place, "e1") and content_of(place, "e1") == content_here(edition)


def test_of_two_publishers_that_move_the_pointer_one_is_told(place: UPath, publish: Callable[..., Path]) -> None:
    """Both have looked at the pointer, both have copied; the second to move finds that it has moved."""
    ours, theirs = publish("e1"), publish("e2")
    before = bucket.read(place)
    bucket.send(place, theirs)
    bucket.copy(place, ours)
    with pytest.raises(bucket.PointerMoved, match="e2"):
        pointer.move(place, before, "e1", sha256_of_file(ours / "manifest.json"))
    assert standing(place) == "e2"


def test_a_conditional_write_excludes_whoever_looked_at_the_same_moment(
    server: Server, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many publishers at once, each convinced that nothing has moved: exactly one succeeds."""
    place = UPath(f"s3://{NAME}/jiheng")
    with conditional(server, monkeypatch):
        place = UPath(f"s3://{NAME}/jiheng")
        edition = publish("e1")
        bucket.copy(place, edition)
        hashes = sha256_of_file(edition / "manifest.json")
        for round_ in range(3):
            before = bucket.read(place)
            monkeypatch.setattr(pointer, "_expect", lambda *_: None)  # the look before the write sees nothing
            outcomes: list[str] = []

            def act(before: pointer.Pointer | None = before, outcomes: list[str] = outcomes) -> None:
                try:
                    outcomes.append(pointer.move(place, before, "e1", hashes).mark)
                except bucket.PointerMoved:
                    outcomes.append("")

            threads = [threading.Thread(target=act) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            won = [mark for mark in outcomes if mark]
            found = bucket.read(place)
            assert len(outcomes) == 6 and found is not None and won == [found.mark]
            assert found.sequence == round_ + 1


def test_an_undo_during_a_long_copy_wins(
    place: UPath, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publish("e1").parent
    bucket.follow(place, folder)
    publish("e2")
    copy, undone = bucket.copy, []

    def slow(place: UPath, edition: Path) -> object:
        copied = copy(place, edition)
        if edition.name == "e2" and not undone:
            undone.append(acts.rollback(folder))
        return copied

    monkeypatch.setattr(bucket, "copy", slow)
    assert bucket.follow(place, folder).edition_id == "e1"
    assert undone == ["e1"] and standing(place) == "e1"


@pytest.mark.parametrize("kill", range(5))
def test_a_publisher_that_is_killed_leaves_no_half_edition(
    server: Server, publish: Callable[..., Path], kill: int
) -> None:
    """Killed at a random moment of the copy; then another goes on, and the pointer never names what is not whole."""
    place = UPath(f"s3://{NAME}/jiheng")
    folder = publish("e1").parent
    bucket.follow(place, folder)
    publish("e2", 600)
    code = (
        "import sys; from pathlib import Path; from upath import UPath; from publish import bucket; "
        "print('go', flush=True); print(bucket.follow(UPath(sys.argv[1]), Path(sys.argv[2])))"
    )
    command = [sys.executable, "-c", code, str(place), str(folder)]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "go\n"
        time.sleep(random.Random(SEED + kill).uniform(0.1, 3))
        process.kill()
    assert standing(place) in ("e1", "e2")
    assert_sound(place, folder)
    assert bucket.follow(place, folder).outcome in ("sent", "unchanged")
    assert standing(place) == "e2"
    assert_sound(place, folder)


def test_a_store_that_is_away_costs_a_record_and_is_caught_up_with(
    server: Server, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = publish("e1").parent
    monkeypatch.setenv("JIHENG_PUBLISH_TO", f"s3://{NAME}/jiheng")
    sound = os.environ["AWS_ENDPOINT_URL"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    reset_store()
    environment = os.environ | {"JIHENG_HOME": str(folder.parent)}
    command = [sys.executable, "-m", "jiheng", "publish", "--send"]
    began = time.monotonic()
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=PROJECT_ROOT, check=False)
    assert ran.returncode == 1 and "本地已发布的不受影响" in ran.stdout and time.monotonic() - began < 60
    failed = editions.history(folder)[-1]
    assert (failed["event"], failed["edition_id"]) == ("mirror_failed", "e1") and "AWS_ENDPOINT_URL" in failed["why"]
    assert editions.current(folder) == folder / "e1"
    environment["AWS_ENDPOINT_URL"] = sound
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=PROJECT_ROOT, check=False)
    assert ran.returncode == 0 and "已发送" in ran.stdout, ran.stdout + ran.stderr
    monkeypatch.setenv("AWS_ENDPOINT_URL", sound)
    reset_store()
    place = Settings(folder.parent).publish_to
    assert place is not None
    assert_sound(place, folder)
    assert standing(place) == "e1"


def test_a_store_that_fails_in_the_middle_is_never_pointed_at(
    server: Server, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with conditional(server, monkeypatch, delay=0.02):
        place = UPath(f"s3://{NAME}/jiheng")
        folder = publish("e1", 1500).parent
        stopping = threading.Timer(0.8, server.stop)
        stopping.start()
        assert bucket.follow(place, folder).outcome == "failed"
        stopping.join()
    left = server.folder / NAME / "jiheng"
    assert not (left / "current.json").exists() and not (left / "e1" / "manifest.json").exists()


def test_a_pointer_that_cannot_be_read_is_told(place: UPath, publish: Callable[..., Path]) -> None:
    folder = publish("e1").parent
    bucket.follow(place, folder)
    place.fs.pipe_file((place / "current.json").path, json.dumps({"edition_id": "e1"}).encode())
    assert "current.json" in bucket.follow(place, folder).words
