"""Nights that are killed at random moments: `python -m benchmarks.faults --kills 200 --seed 7`.

A run is every step of a night in a process group of its own, on a small lake to which files are added now and then.
The group gets SIGKILL at a moment that is uniform over the length of a whole run. After each kill all that others can
see must be whole; after each run that was let through, every file has its arrival and its receipt, and the tables are
those of a home that was never disturbed.

The data tests of dbt are left out: they read a private file for half of a run's time, in which a kill can do no harm.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from jiheng.files import key_of
from jiheng.settings import PROJECT_ROOT, Settings

SAMPLE = PROJECT_ROOT / "samples" / "province"
STEPS = ("take_in", "read_and_check", "land", "build_warehouse", "evaluate_gate", "publish_edition")
LOADED = (
    *("dbt.cli.main", "great_expectations", "expectations.gate", "jiheng.night", "jiheng.publication"),
    *("publish.bulletin", "publish.datapackage", "publish.dictionary", "publish.finals", "publish.site"),
    "publish.workbook",
)
FIRST_FILES, LET_THROUGH, NEW_FILE = 6, 12, 4
# What differs from run to run and is no fact: when, in which batch, how long, the id that is made of it, and which
# edition went before: the disturbed home has published others in between.
NO_FACTS = {"batch_id", "recorded_at", "received_at", "run_id", "seconds", "edition_id", "previous_rank"}
LAKE_TABLES = ("arrival", "submission_version", "claim", "finding", "statement", "coverage", "profile", "observation")
EDITION_TABLES = ("dim_submission", "fct_claim", "fct_finding", "rank_division", "rank_department")


@dataclass
class Report:
    """What the kills found."""

    fell: Counter[str] = field(default_factory=Counter)
    whole_runs: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    left_at_most: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        kills = {name: self.fell[name] for name in (*STEPS, "between steps", "after the last step") if self.fell[name]}
        return {
            "kills": sum(self.fell.values()),
            "killed_in": kills,
            "whole_runs": self.whole_runs,
            "seconds_of_a_whole_run": round(sum(self.seconds) / len(self.seconds), 1) if self.seconds else None,
            "left_behind_at_most": dict(sorted(self.left_at_most.items())),
            "faults": self.faults,
        }


def main() -> None:
    """Kill, look, and print the result as JSON; exit code 1 when anything was not whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--each-step", action="store_true", help="as many kills in each step, however short it is")
    parser.add_argument("--keep", type=Path, help="work here and leave it, to look at afterwards")
    parser.add_argument("--out", type=Path, help="write the result here too")
    given = parser.parse_args()
    place = given.keep or Path(tempfile.mkdtemp(prefix="jiheng-faults-"))
    report = Faults(place, given.seed, given.each_step).kill(
        given.kills, lambda line: print(line, file=sys.stderr, flush=True)
    )
    told = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
    if given.out:
        given.out.write_text(told + "\n", encoding="utf-8")
    if not given.keep:
        shutil.rmtree(place)
    print(told)
    sys.exit(1 if report.faults else 0)


class Faults:
    """A home that is killed, beside one that is not."""

    def __init__(self, place: Path, seed: int, each_step: bool = False) -> None:
        self.chance, self.each_step = random.Random(seed), each_step
        self.disturbed, self.undisturbed = Settings(place / "home"), Settings(place / "undisturbed")
        self.inbox = place / "inbox"
        self.inbox.mkdir(parents=True)
        self.waiting = _in_order_of_delivery()
        self.report = Report()
        self.runs = 0
        self.landed: set[str] = set()
        self.caught_up: set[str] = set()
        self.step_seconds: dict[str, float] = {}
        load()
        for _ in range(FIRST_FILES):
            self._hand_in()

    def kill(self, kills: int, say: Callable[[str], None]) -> Report:
        """Kill so many runs, every few times let one through, and end with one that is let through."""
        whole, told = self._undisturbed_run(), 0
        for number in range(1, kills + 1):
            if number % NEW_FILE == 0:
                self._hand_in()
            moment, after = self._moment(number, whole)
            step = self._run(moment, after=after)
            self.report.fell[step] += 1
            self._look(f"kill {number} after {moment:.2f} s in {step}")
            say(f"{number} {moment:.2f} s {step}")
            for fault in self.report.faults[told:]:
                say(fault)
            told = len(self.report.faults)
            if number % LET_THROUGH == 0 or number == kills:
                whole = self._whole_run(say)
        return self.report

    def _moment(self, number: int, whole: float) -> tuple[float, str | None]:
        """So many seconds after the run's beginning, or after that of a step."""
        if not self.each_step:
            return self.chance.uniform(0, whole), None
        step = STEPS[number % len(STEPS)]
        return self.chance.uniform(0, self.step_seconds.get(step, 1.0)), step

    def _hand_in(self) -> None:
        """One more file of the sample; once all are there, a changed copy of one, which is a new version."""
        if self.waiting:
            path = self.waiting.pop(0)
            shutil.copy(path, self.inbox / path.name)
            return
        old = self.chance.choice(sorted(path for path in self.inbox.iterdir() if path.suffix == ".txt"))
        target = self.inbox / f"补{self.runs:05}-{old.name.rpartition('-')[2]}"
        target.write_bytes(old.read_bytes() + f"\n补充说明：第{self.runs}次。\n".encode())

    def _run(self, moment: float | None, settings: Settings | None = None, after: str | None = None) -> str:
        """A run in a process group of its own, killed so many seconds after its beginning or that of the step `after`;
        gives the step in which it fell.
        """
        self.runs += 1
        settings = settings or self.disturbed
        name = f"run-{self.runs}"
        child = os.fork()
        if child == 0:
            os.setsid()
            _night(settings, self.inbox, name)
        log = settings.home / "runs" / f"{key_of(name)}.jsonl"
        ended = None
        while after and ended is None and not any(event["step"] == after for event in _events(log)):
            ended = _wait(child, 0.01)
        ended = _wait(child, moment) if ended is None else ended
        if ended is None:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
        elif ended != 0:
            told = (settings.home / "told.log").read_text(encoding="utf-8", errors="replace")
            self.report.faults.append(f"{name} ended with {ended}: {told[-600:]}")
        return _fell_in(log)

    def _whole_run(self, say: Callable[[str], None]) -> float:
        """Let a run through, compare with the home that is never disturbed, and give the seconds of a run."""
        self._run(None)
        seconds = self._undisturbed_run()
        self.report.whole_runs += 1
        self._look(f"whole run {self.report.whole_runs}")
        self._compare(f"whole run {self.report.whole_runs}")
        say(f"whole run {self.report.whole_runs}: {seconds:.1f} s, faults {len(self.report.faults)}")
        return seconds

    def _undisturbed_run(self) -> float:
        """Let the other home catch up where files came in since; gives the seconds of its last run."""
        lying = {path.name for path in self.inbox.iterdir()}
        if lying != self.caught_up:
            began = time.monotonic()
            self._run(None, self.undisturbed)
            ends = _events(self.undisturbed.home / "runs" / f"{key_of(f'run-{self.runs}')}.jsonl")
            self.step_seconds = {event["step"]: float(event["seconds"]) for event in ends if event["event"] == "end"}
            self.report.seconds.append(time.monotonic() - began)
            self.caught_up = lying
        return self.report.seconds[-1]

    def _look(self, when: str) -> None:
        self.report.faults += [f"{when}: {fault}" for fault in seen_from_outside(self.disturbed)]
        arrivals = _arrivals(self.disturbed)
        missing, doubled = self.landed - set(arrivals), [one for one, count in Counter(arrivals).items() if count > 1]
        self.report.faults += [f"{when}: arrival {one} is gone" for one in sorted(missing)]
        self.report.faults += [f"{when}: arrival {one} is doubled" for one in sorted(doubled)]
        self.landed |= set(arrivals)
        for place, count in left_behind(self.disturbed).items():
            self.report.left_at_most[place] = max(self.report.left_at_most[place], count)

    def _compare(self, when: str) -> None:
        ours, theirs = facts(self.disturbed), facts(self.undisturbed)
        self.report.faults += [f"{when}: {name} differs" for name in theirs if ours.get(name) != theirs[name]]
        taken_in = {name for name, _ in ours["arrivals by name"]}
        handed_in = {path.name for path in self.inbox.iterdir()}
        self.report.faults += [f"{when}: {name} was never taken in" for name in sorted(handed_in - taken_in)]


def seen_from_outside(settings: Settings) -> list[str]:
    """What a reader, a backup or the next run would find that is not whole. Empty is good."""
    from ingest.lake import Lake
    from publish import editions
    from publish.records import broken

    found = broken(settings.editions)
    pointer = settings.editions / editions.POINTER_NAME
    if pointer.is_symlink() and not (pointer / editions.MANIFEST_NAME).is_file():
        found.append("current points to no whole edition")
    for path in sorted(settings.editions.glob("[!.]*")):
        if path.is_dir() and not path.is_symlink():
            try:
                found += [f"{path.name}: {fault}" for fault in editions.verify(path)]
            except editions.PublicationError as error:
                found.append(str(error))
    return found + (Lake(settings.lake).damage() if settings.lake.exists() else [])


def left_behind(settings: Settings) -> Counter[str]:
    """What killed runs have left, by place."""
    places = {"private": "private/*", "work": "work/*", "staging": "lake/.staging/*", "unfinished": "**/.*.unfinished"}
    return Counter({name: len(list(settings.home.glob(pattern))) for name, pattern in places.items()})


def facts_of_lake(settings: Settings) -> dict[str, list[Any]]:
    """What lake and receipts say, without times and whatever the order."""
    from ingest.lake import Lake

    lake = Lake(settings.lake)
    found: dict[str, list[Any]] = {name: _content(lake.read(name)) for name in LAKE_TABLES}
    found["arrivals by name"] = sorted((row["source_name"], row["outcome"]) for row in lake.read("arrival"))
    receipts = settings.receipts
    found["receipts"] = sorted(
        str(path.relative_to(receipts)) for path in receipts.rglob("*") if path.suffix in (".html", ".json", ".xlsx")
    )
    found["quarantine"] = sorted(path.name for path in settings.quarantine.glob("[!.]*"))
    return found


def facts(settings: Settings) -> dict[str, list[Any]]:
    """What lake, receipts and the current edition say, without times and whatever the order."""
    import duckdb

    found = facts_of_lake(settings)
    with duckdb.connect(str(settings.editions / "current" / "warehouse.duckdb"), read_only=True) as connection:
        for table in EDITION_TABLES:
            result = connection.execute(f"select * from {table}")
            names = [column[0] for column in result.description]
            found[table] = _content([dict(zip(names, row, strict=True)) for row in result.fetchall()])
    return found


def _content(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(str([(name, value) for name, value in row.items() if name not in NO_FACTS]) for row in rows)


def _arrivals(settings: Settings) -> list[str]:
    from ingest.lake import Lake

    return [row["arrival_id"] for row in Lake(settings.lake).read("arrival", ["arrival_id"])]


def _in_order_of_delivery() -> list[Path]:
    """The sample's files as they came in: versions are then the same, however many land at once."""
    from ingest.registers import delivery_times

    times = delivery_times([SAMPLE / "registers"])
    latest = max(times.values())
    files = (path for path in (SAMPLE / "inbox").iterdir() if path.suffix in (".txt", ".docx"))
    return sorted(files, key=lambda path: (times.get(path.name, latest), path.name))


def load() -> None:
    """Load once what every run needs: no kill could do harm while a program is still being loaded."""
    for name in LOADED:
        import_module(name)
    from jiheng import warehouse

    warehouse.build = partial(warehouse.build, tests=False)


def _night(settings: Settings, inbox: Path, run_id: str) -> None:
    """All steps in the order of the DAG, in a process that ends here."""
    from jiheng import night

    settings.home.mkdir(parents=True, exist_ok=True)
    os.environ |= {"JIHENG_HOME": str(settings.home), "JIHENG_INBOX": str(inbox), "JIHENG_SETTLE_SECONDS": "0"}
    os.environ |= {"JIHENG_REGISTERS": str(SAMPLE / "registers")}
    settings = Settings(settings.home)  # as the environment now has it
    code = 1
    try:
        with (settings.home / "told.log").open("w") as log, redirect_stdout(log), redirect_stderr(log):
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            tonight = night.Night.from_json(night.take_in(settings, run_id))
            night.read_and_check(settings, tonight)
            landed = night.land(settings, tonight)
            edition = night.build_warehouse(settings, tonight)
            gate = night.evaluate_gate(settings, tonight, edition)
            night.publish_edition(settings, tonight, edition, gate, landed)
        code = 0
    except BaseException as error:
        (settings.home / "told.log").write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
    finally:
        os._exit(code)


def _wait(child: int, seconds: float | None) -> int | None:
    """The child's exit code, or None when it still runs after so many seconds."""
    if seconds is None:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    return None


def _fell_in(log: Path) -> str:
    """The step that had begun and not ended, as the run's log tells."""
    events = list(_events(log))
    if not events:
        return "take_in"
    last = events[-1]
    if last["event"] == "begin":
        return str(last["step"])
    return "after the last step" if last["step"] == STEPS[-1] else "between steps"


def _events(log: Path) -> Iterator[dict[str, Any]]:
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            return


if __name__ == "__main__":
    main()
