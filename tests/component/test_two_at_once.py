"""Two nights at once, a publication beside them, publishers at once: all end well and nothing is doubled."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.faults import SAMPLE, seen_from_outside
from ingest.lake import Lake
from jiheng.settings import PROJECT_ROOT, Settings
from publish import acts, editions
from publish.records import broken, history
from tests.component import edition_fixture as made

# Every step of a night once a line comes in, so that all begin at the same moment.
NIGHT = """
import json, sys
from benchmarks.faults import load
load()
from jiheng import night
from jiheng.settings import Settings
settings, run = Settings.from_environment(), sys.argv[1]
print("ready", flush=True)
sys.stdin.readline()
if run.startswith("night"):
    tonight = night.Night.from_json(night.take_in(settings, run))
    night.read_and_check(settings, tonight)
    landed = night.land(settings, tonight)
else:
    tonight, landed = night.begin(settings, run), night.NOTHING_TAKEN_IN
edition = night.build_warehouse(settings, tonight)
gate = night.evaluate_gate(settings, tonight, edition)
result = night.publish_edition(settings, tonight, edition, gate, landed)
print(json.dumps(result, default=str))
"""


def together(home: Path, inbox: Path, *runs: str) -> list[dict[str, Any]]:
    """Run them at the same moment, and give what each came to."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JIHENG_", "AIRFLOW"))}
    clean |= {"JIHENG_HOME": str(home), "JIHENG_INBOX": str(inbox), "JIHENG_SETTLE_SECONDS": "0"}
    clean |= {"JIHENG_REGISTERS": str(SAMPLE / "registers")}
    # What they say beside it goes to a file: a pipe that nobody empties would stop the one that others wait for.
    logs = [home.with_name(f"{run}.log") for run in runs]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", NIGHT, run],
            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log.open("w")},
            **{"cwd": PROJECT_ROOT, "env": clean, "text": True},
        )
        for run, log in zip(runs, logs, strict=True)
    ]
    for process in started:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0] * len(runs), [log.read_text()[-2000:] for log in logs]
    return [json.loads(output.splitlines()[-1]) for output in told]


def test_two_nights_and_a_publication_at_once(tmp_path: Path) -> None:
    settings, inbox = Settings(tmp_path / "home"), tmp_path / "inbox"
    inbox.mkdir()
    files = sorted((SAMPLE / "inbox").glob("*.txt"))[:6]
    for path in files[:3]:
        shutil.copy(path, inbox / path.name)
    together(settings.home, inbox, "night before")
    for path in files[3:]:
        shutil.copy(path, inbox / path.name)
    results = together(settings.home, inbox, "night one", "night two", "publication")

    assert seen_from_outside(settings) == []
    lake = Lake(settings.lake)
    assert Counter(row["source_name"] for row in lake.read("arrival")) == {path.name: 1 for path in files}
    assert (len(lake.batch_ids_of("arrival")), len(lake.batch_ids_of("due_submission"))) == (2, 1)
    assert sum(result["received"] for result in results) == 3
    assert {result["publication"] for result in results} <= {"published", "unchanged", "overtaken"}
    # What stands in the end has all files, whichever of them was last.
    standing = editions.current(settings.editions)
    assert standing is not None
    seen = json.loads((standing / editions.MANIFEST_NAME).read_text(encoding="utf-8"))
    assert seen["lake_digest"] == lake.state(lake.newest())[0] and seen["coverage"]["received"] > 0
    published = [event["edition_id"] for event in history(settings.editions)]
    assert len(published) == len(set(published)) and published[-1] == standing.name
    assert not list(settings.home.glob("private/*/*")) and not list(settings.work.glob("*"))


def at_once(*works: Callable[[], object]) -> list[int]:
    """Do each in a process of its own that waits for all others to be there; gives their exit codes."""
    gate, opener = os.pipe()
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(opener)
                os.read(gate, 1)
                work()
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    os.close(opener)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


def completed(edition: Path, private: Path, edition_id: str) -> Path:
    shutil.copytree(edition, private)
    editions.complete(private, made.facts(edition_id))
    return private


@pytest.mark.parametrize("ids", [("e1",) * 4, ("e1", "e2", "e3", "e4")], ids=["one edition", "four editions"])
def test_publishers_at_once(edition: Path, tmp_path: Path, ids: tuple[str, ...]) -> None:
    published = tmp_path / "editions"
    private = [completed(edition, tmp_path / f"run{number}" / one, one) for number, one in enumerate(ids)]
    assert at_once(*(lambda one=one: acts.publish(one, published) for one in private)) == [0] * len(ids)
    events = [event["edition_id"] for event in history(published)]
    assert sorted(events) == sorted(set(ids)) and not broken(published)
    assert (published / "current").resolve().name == events[-1]
    assert all(editions.verify(published / edition_id) == [] for edition_id in set(ids))


def test_two_that_find_a_lake_without_tables(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    assert at_once(*[lake.ensure] * 4) == [0] * 4
    assert not lake.damage() and lake.read("arrival") == [] and not list((lake.root / ".staging").iterdir())
