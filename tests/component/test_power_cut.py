"""A crash or a power cut: nothing is named before it is safe on the disk, and the next act settles the rest."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.archive import Archive
from ingest.lake import Lake
from jiheng import files
from publish import acts, editions
from publish.records import broken, history
from tests.component import edition_fixture as made

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ROW: dict[str, Any] = {"statement": [{"statement_id": "s"}]}


class Watched:
    """Every sync and rename in their order, by path."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.acts: list[tuple[str, str]] = []
        sync, rename, replace, sync_all = os.fsync, os.rename, os.replace, files._syncfs

        def synced(handle: int) -> None:
            self.acts.append(("sync", str(Path(f"/proc/self/fd/{handle}").readlink())))
            sync(handle)

        def all_synced(handle: int) -> None:
            folder = Path(f"/proc/self/fd/{handle}").readlink()
            self.acts += [("sync", str(path)) for path in (folder, *folder.rglob("*"))]
            sync_all(handle)

        def renamed(source: Any, target: Any, real: Callable[..., None]) -> None:
            real(source, target)
            self.acts.append(("rename", str(target)))

        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(files, "_syncfs", all_synced)
        monkeypatch.setattr(os, "rename", lambda source, target: renamed(source, target, rename))
        monkeypatch.setattr(os, "replace", lambda source, target: renamed(source, target, replace))

    def before(self, target: Path) -> set[str]:
        """Names of what was synced before something was renamed to a path."""
        end = self.acts.index(("rename", str(target)))
        return {Path(path).name for act, path in self.acts[:end] if act == "sync"}

    def after(self, target: Path) -> set[str]:
        """Paths that were synced after it."""
        begin = self.acts.index(("rename", str(target)))
        return {path for act, path in self.acts[begin:] if act == "sync"}


def test_a_batch_is_on_the_disk_before_it_is_in_the_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(tmp_path)
    lake.ensure()
    watched = Watched(monkeypatch)
    batch = lake.batches / str(lake.land(ROW, NOON))
    assert {path.name for path in batch.iterdir()} <= watched.before(batch)
    assert str(lake.batches) in watched.after(batch)


def test_bytes_are_on_the_disk_before_the_archive_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path / "archive")
    watched = Watched(monkeypatch)
    path = archive.path_of(archive.put(b"a report"))
    assert {str(path.parent), str(path.parent.parent), str(archive.root)} <= watched.after(path)


def test_an_edition_is_on_the_disk_before_its_manifest_and_the_pointer_after_it(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, published = tmp_path / "private", tmp_path / "editions"
    shutil.copytree(edition, private)
    (private / "manifest.json").unlink()
    watched = Watched(monkeypatch)
    editions.complete(private, made.facts("e1"))
    files = {path.name for path in private.rglob("*") if path.is_file()} - {"manifest.json"}
    assert files | {"site", "parquet", "csv"} <= watched.before(private / "manifest.json")
    acts.publish(private, published)
    assert {str(published), str(published / "publications.jsonl")} <= watched.after(published / "current")


def test_batches_have_one_order_whatever_the_clock_says(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    times = (NOON, NOON, NOON - timedelta(hours=1))
    landed = [lake.land({"statement": [{"statement_id": f"s{n}"}]}, at) for n, at in enumerate(times)]
    assert landed == sorted(set(landed)) == lake.batch_ids_of("statement")
    rows = lake.read("statement")
    assert [row["statement_id"] for row in rows] == ["s0", "s1", "s2"]
    assert [row["recorded_at"] for row in rows] == [NOON, NOON + MICROSECOND, NOON + 2 * MICROSECOND]
    before = lake.state(lake.newest())
    lake.land({"statement": [{"statement_id": "late"}]}, NOON - timedelta(hours=2))
    assert lake.state(before[1]) == before, "what lands later never belongs to a time before"


def test_a_landing_clears_what_a_killed_one_left(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    (lake.root / ".staging" / "20260101T000000000000Z-x.77").mkdir(parents=True)
    lake.land(ROW, NOON)
    assert not list((lake.root / ".staging").iterdir())


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


@pytest.fixture
def ready(edition: Path, tmp_path: Path) -> Callable[..., Path]:
    def make(edition_id: str, **facts: Any) -> Path:
        private = tmp_path / "private" / edition_id
        shutil.copytree(edition, private)
        editions.complete(private, made.facts(edition_id) | facts)
        return private

    return make


def killed_in(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """Do something that ends where a function of `publish.acts` is called."""
    with monkeypatch.context() as patch:
        patch.setattr(acts, name, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            act()


def test_an_edition_that_readers_saw_is_put_on_record(
    ready: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published, private = tmp_path / "editions", ready("e1")
    killed_in(monkeypatch, "record", lambda: acts.publish(private, published))
    assert (published / "current").resolve().name == "e1" and history(published) == []
    assert acts.publish(ready("e2"), published) == "published"
    assert [(one["edition_id"], one.get("recovered")) for one in history(published)] == [("e1", True), ("e2", None)]
    assert acts.rollback(published) == "e1" and not broken(published)


def test_an_undo_after_a_crash_goes_back_from_what_readers_see(
    ready: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = tmp_path / "editions"
    acts.publish(ready("e0"), published)
    killed_in(monkeypatch, "record", lambda: acts.publish(ready("e1"), published))
    assert acts.rollback(published) == "e0" and (published / "current").resolve().name == "e0"


def test_an_edition_that_nothing_pointed_to_is_hidden(
    ready: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = tmp_path / "editions"
    acts.publish(ready("e0"), published)
    killed_in(monkeypatch, "point_to", lambda: acts.publish(ready("e1"), published))
    assert (published / "e1").is_dir() and (published / "current").resolve().name == "e0"
    acts.publish(ready("e2"), published)
    assert sorted(path.name for path in published.glob("e*")) == ["e0", "e2"]
    assert [one["edition_id"] for one in history(published)] == ["e0", "e2"]


def test_older_data_do_not_take_the_place_of_newer_ones(ready: Callable[..., Path], tmp_path: Path) -> None:
    published = tmp_path / "editions"
    older = {"as_of": (datetime.fromisoformat(made.AS_OF) - timedelta(minutes=1)).isoformat()}
    acts.publish(ready("e2"), published)
    assert acts.publish(ready("e1", **older), published) == "overtaken"
    assert not (published / "e1").exists() and (published / "current").resolve().name == "e2"
    assert acts.publish(ready("e1", **older), published, past=True) == "published"
