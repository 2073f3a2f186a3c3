"""A full or read-only disk, a real one: one clear error, nothing half-done, and the next run makes up for it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jiheng.settings import PROJECT_ROOT
from tests.conftest import missing
from tests.nights import SAMPLE

FILES = 6


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("inbox")
    for path in sorted((SAMPLE / "inbox").glob("*.txt"))[:FILES]:
        shutil.copy(path, target / path.name)
    return target


def nights(place: Path, inbox: Path, kind: str) -> dict[str, Any]:
    """What commands did on a disk of their own (`tests.disk_nights`)."""
    (place / "disk").mkdir()
    private = ["unshare", "--mount", "--propagation", "private"]
    mount = [*private, "mount", "-t", "tmpfs", "tmpfs", str(place / "disk")]
    if not shutil.which("unshare") or subprocess.run(mount, capture_output=True, check=False).returncode:
        missing("no file system can be mounted here (it needs root and a mount namespace)")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JIHENG_", "AIRFLOW"))}
    command = [*private, sys.executable, "-m", "tests.disk_nights", str(place / "disk"), str(inbox), kind]
    ran = subprocess.run(command, cwd=PROJECT_ROOT, env=clean, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def assert_one_clear_error(tried: dict[str, Any], code: str, words: str, place: Path) -> None:
    told = tried["told"]
    assert tried["code"] == 4, told
    assert f"错误 error[{code}]: {words}" in told and "怎么办 help:" in told and "再运行一次" in told, told
    # Whatever logs have said before, it ends with this one error.
    last = told.partition("错误 error[")[2]
    assert str(place) in last and "Traceback" not in last, told


def test_a_full_disk_is_told_leaves_nothing_half_done_and_is_made_up_for(inbox: Path, tmp_path: Path) -> None:
    for name in ("full", "undisturbed"):
        (tmp_path / name).mkdir()
    found = nights(tmp_path / "full", inbox, "full")
    met = [tried for tried in found["tries"] if tried["about"] is not None]
    assert [tried["command"] for tried in met] == ["nightly", *["intake"] * 3, *["publish"] * 2]
    for tried in met:
        assert_one_clear_error(tried, "E4010", "磁盘已满", tmp_path / "full" / "disk")
    for tried in found["tries"]:
        assert tried["whole"] == [], tried
    assert [tried["code"] for tried in found["tries"] if tried["about"] is None] == [0, 0], found["tries"]
    assert found["tries"][-2]["standing"] is None and found["tries"][-1]["standing"]
    # The last step needs less room than the one before it gives back, and does not meet it.
    assert "build_warehouse" in found["steps"] and len(set(found["steps"])) > 1, "different steps met it"
    assert found["facts"] == nights(tmp_path / "undisturbed", inbox, "undisturbed")["facts"]


def test_on_a_read_only_disk_nothing_begins_and_nothing_changes(inbox: Path, tmp_path: Path) -> None:
    found = nights(tmp_path, inbox, "read_only")
    met = [tried for tried in found["tries"] if tried["about"]]
    assert [tried["command"] for tried in met] == ["nightly", "intake", "publish"] and not found["changed"]
    for tried in met:
        assert_one_clear_error(tried, "E4011", "磁盘只读", tmp_path / "disk")
    assert [tried["code"] for tried in found["tries"] if not tried["about"]] == [0, 0]
