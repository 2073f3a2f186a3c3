"""An intake killed between any two steps and run again: nothing lost, nothing doubled, every receipt written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.lake import Lake
from jiheng.settings import PROJECT_ROOT
from tests.nights import SAMPLE

# Each ends the process, as a kill would, when a function is called for the n-th time: before its work or after it.
POINTS = {
    "before the first file is archived": ("ingest.archive.Archive.put", 1, "before"),
    "after the third file was archived": ("ingest.archive.Archive.put", 3, "after"),
    "after the arrivals were noted": ("ingest.intake.Intake.take_in", 1, "after"),
    "before the second file is read": ("ingest.archive.Archive.put_text", 2, "before"),
    "after all files were read": ("ingest.intake.Intake.read_here", 1, "after"),
    "before the batch is renamed into place": ("ingest.lake.write_json", 3, "before"),
    "after the batch has landed": ("ingest.lake.Lake.land_parts", 2, "after"),
    "after the third receipt": ("ingest.outbox.write_receipt", 3, "after"),
    "before the batch is ticked off": ("ingest.outbox.write_text", 1, "before"),
}
SCRIPT = """
import importlib, os, sys
point, count, when, run = sys.argv[1:]
left = int(count)
parts = point.split(".")
for cut in range(len(parts) - 1, 0, -1):
    try:
        owner = importlib.import_module(".".join(parts[:cut]))
        break
    except ModuleNotFoundError:
        continue
for name in parts[cut:-1]:
    owner = getattr(owner, name)
real = getattr(owner, parts[-1])
def counted(*arguments, **named):
    global left
    left -= 1
    if left == 0 and when == "before":
        os._exit(9)
    found = real(*arguments, **named)
    if left == 0:
        os._exit(9)
    return found
setattr(owner, parts[-1], counted)
from datetime import UTC, datetime
from ingest.intake import Intake
from jiheng.settings import Settings
intake = Intake(Settings.from_environment(), run, datetime(2026, 3, 1, 4, tzinfo=UTC))
intake.take_in(); intake.read_here(); intake.land()
"""
# What differs from run to run and is no fact: when, in which batch, how long.
NO_FACTS = {"batch_id", "recorded_at", "received_at", "run_id", "seconds"}
TABLES = ("arrival", "submission_version", "claim", "finding", "statement", "coverage", "profile", "observation")


def intake(home: Path, inbox: Path, point: tuple[str, int, str], run: str) -> int:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JIHENG_")}
    environment |= {"JIHENG_HOME": str(home), "JIHENG_INBOX": str(inbox), "JIHENG_SETTLE_SECONDS": "0"}
    environment |= {"JIHENG_REGISTERS": str(SAMPLE / "registers")}
    command = [sys.executable, "-c", SCRIPT, *map(str, point), run]
    return subprocess.run(command, cwd=PROJECT_ROOT, env=environment, check=False).returncode


def facts(home: Path) -> dict[str, list[dict[str, Any]]]:
    lake = Lake(home / "lake")
    return {
        table: sorted(
            ({name: value for name, value in row.items() if name not in NO_FACTS} for row in lake.read(table)), key=str
        )
        for table in TABLES
    }


def receipts(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in (home / "receipts").rglob("*") if path.suffix}


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few reports, one of them twice, and a file that is none."""
    target = tmp_path_factory.mktemp("inbox")
    chosen = [path for path in sorted((SAMPLE / "inbox").iterdir()) if path.suffix in (".txt", ".docx")][:6]
    for path in [*chosen, SAMPLE / "inbox" / "会议通知.txt"]:
        shutil.copy(path, target / path.name)
    shutil.copy(chosen[0], target / "再报.txt")
    return target


@pytest.fixture(scope="module")
def undisturbed(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("undisturbed")
    assert intake(home, inbox, ("ingest.outbox.write_text", 99, "before"), "whole") == 0
    return home


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)
@pytest.mark.parametrize("again", ["the same run", "the next run"])
def test_killed_and_run_again(
    inbox: Path, undisturbed: Path, tmp_path: Path, point: tuple[str, int, str], again: str
) -> None:
    assert intake(tmp_path, inbox, point, "first") == 9
    run = "first" if again == "the same run" else "second"
    assert intake(tmp_path, inbox, ("ingest.outbox.write_text", 99, "before"), run) == 0
    assert facts(tmp_path) == facts(undisturbed)
    assert receipts(tmp_path) == receipts(undisturbed)
    assert not Lake(tmp_path / "lake").damage()
