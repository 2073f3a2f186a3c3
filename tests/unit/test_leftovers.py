"""What killed runs leave behind is kept to a measure, and never at the cost of a run that lives."""

import os
import time
from pathlib import Path

import pytest
import yaml

from jiheng import leftovers
from jiheng.files import UNFINISHED, write_text, written_beside
from jiheng.settings import Settings

KEEP = yaml.safe_load(leftovers.RULES.read_text(encoding="utf-8"))["keep"]
LONG_AGO = time.time() - 30 * 24 * 3600


def age(path: Path, seconds: float) -> None:
    os.utime(path, (LONG_AGO + seconds, LONG_AGO + seconds), follow_symlinks=False)


@pytest.mark.parametrize("place", ["private", "work"])
def test_the_newest_stay_and_so_does_the_running_one(tmp_path: Path, place: str) -> None:
    keep, settings = KEEP[place], Settings(tmp_path)
    for number in range(keep + 5):
        write_text(tmp_path / place / f"run{number:03}" / "e" / "file", "x")
        for path in (tmp_path / place / f"run{number:03}" / "e", tmp_path / place / f"run{number:03}"):
            age(path, number)
    leftovers.clear(settings, spared=tmp_path / place / "run000")
    left = sorted(path.name for path in (tmp_path / place).iterdir())
    assert left == ["run000", *(f"run{number:03}" for number in range(5, keep + 5))]


def test_folders_of_published_editions_go_when_they_are_empty_for_long(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / "private" / name).mkdir(parents=True)
    age(tmp_path / "private" / "old", 0)
    leftovers.clear(Settings(tmp_path))
    assert [path.name for path in (tmp_path / "private").iterdir()] == ["new"]


def test_files_that_were_being_written_go_when_nobody_writes_them_any_more(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    places = [
        settings.archive / "ab" / "abc",
        settings.receipts / "甲.txt.回执",
        settings.quarantine,
        settings.editions,
    ]
    for place in places:
        place.mkdir(parents=True)
        for name in ("old", "new"):
            (place / f".{name}.x{UNFINISHED}").write_text("half")
        age(place / f".old.x{UNFINISHED}", 0)
        write_text(place / ".hidden", "whole")
        age(place / ".hidden", 0)
    leftovers.clear(settings)
    for place in places:
        assert sorted(path.name for path in place.iterdir()) == [".hidden", f".new.x{UNFINISHED}"]


def test_a_file_that_is_being_written_is_known_by_its_name(tmp_path: Path) -> None:
    with written_beside(tmp_path / "名.json") as temporary:
        assert temporary.name.startswith(".名.json.") and temporary.name.endswith(UNFINISHED)
    assert [path.name for path in tmp_path.iterdir()] == ["名.json"]
    name = "很长的名称" * 15  # 225 bytes, near the 255 that a name may have
    write_text(tmp_path / name, "x")
    assert (tmp_path / name).is_file()
