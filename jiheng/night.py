"""The steps of a night, each a function that may be run again. `dags/` puts them in order; `jiheng` runs them by name.

What passes from one step to the next is small: the night's name and moment, ids and counts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structlog.contextvars import bound_contextvars

from jiheng import clock, leftovers, progress, reruns
from jiheng.files import alone, key_of, write_json
from jiheng.gate import BUILD_FACTS
from jiheng.identity import code_version, method_ids
from jiheng.monitoring import metrics, runs
from jiheng.publication import GateHeld, record_hold
from jiheng.settings import LOCAL_TIME, Settings
from jiheng.troubles import trouble_of
from jiheng.warehouse import WAREHOUSE

if TYPE_CHECKING:
    from ingest.lake import Lake

BUILD = "build.duckdb"
NOTHING_TAKEN_IN = {"received": 0, "accepted": 0, "returned": 0, "quarantined": 0}


class AsOfError(ValueError):
    """A time to look at the lake as of that is none, or that is still to come."""


@dataclass(frozen=True)
class Night:
    """One run: its id, the moment its records bear, and the time up to which the lake is looked at.

    `publishes_past` says that a person asked for an edition with older data than the current one to be published.
    """

    run_id: str
    moment: datetime
    as_of: datetime
    publishes_past: bool = False

    @classmethod
    def begin(cls, run_id: str, as_of: str | None = None) -> Night:
        """A night that begins now; `as_of` looks at the lake as it was at an earlier time. Raises `AsOfError`."""
        now = datetime.now(UTC)
        return cls(run_id, now, _earlier(as_of, now) if as_of else now, bool(as_of))

    @classmethod
    def of_run(cls, settings: Settings, run_id: str, as_of: str | None = None, date: datetime | None = None) -> Night:
        """The night of a run of Airflow, which may be cleared and run again, or stand for a past `date`.

        Once it was built, it looks at the lake as it did then. Raises `AsOfError`.
        """
        night, seen = cls.begin(run_id, as_of), reruns.seen_by(settings, run_id)
        if seen:
            return replace(night, as_of=seen.as_of)
        return replace(night, as_of=date) if date and not as_of and _is_past(date, night.moment) else night

    @property
    def looks_back(self) -> bool:
        """Whether the lake is looked at as it was at an earlier time, and not with all that has landed."""
        return self.as_of != self.moment

    @classmethod
    def from_json(cls, value: Mapping[str, str]) -> Night:
        """The night that another step wrote as JSON."""
        moment, as_of = (datetime.fromisoformat(value[name]) for name in ("moment", "as_of"))
        return cls(value["run_id"], moment, as_of, value.get("publishes_past") == "yes")

    def as_json(self) -> dict[str, str]:
        """The night for another step."""
        told = {"run_id": self.run_id, "moment": self.moment.isoformat(), "as_of": self.as_of.isoformat()}
        return told | ({"publishes_past": "yes"} if self.publishes_past else {})


def _is_past(date: datetime, now: datetime) -> bool:
    """Whether it lies on an earlier local day: a run that stands for a time of today looks at all that is there."""
    return date.astimezone(LOCAL_TIME).date() < now.astimezone(LOCAL_TIME).date()


def _earlier(written: str, now: datetime) -> datetime:
    """A time as people write it (ISO): one without a zone is local, and a day is meant up to its end."""
    try:
        if len(written) == len("2026-03-31"):
            day = date.fromisoformat(written)
            moment = datetime.combine(day, datetime.max.time(), LOCAL_TIME)
            moment = now if day == now.astimezone(LOCAL_TIME).date() else moment
        else:
            moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise AsOfError(
            f"截止时间应写作 2026-03-31 或 2026-03-31T22:00:00+08:00，现为“{written}” · write a day or a time"
        ) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_TIME)
    if moment > now:
        raise AsOfError(f"截止时间不能晚于现在，现为“{written}” · it must not be later than now")
    return moment


def take_in(settings: Settings, run_id: str, as_of: str | None = None, date: datetime | None = None) -> dict[str, str]:
    """Archive what is new in the inbox; gives the night for the steps that follow.

    A night that looks back (`as_of`, a past `date`, or a run that was built before) takes nothing in: what is new is
    for the next. Raises `GateHeld` when the clock is not believed or the lake cannot be read: then nothing is taken in
    and the last edition stands.
    """
    from ingest.intake import Intake
    from ingest.lake import LakeDamageError

    night = Night.of_run(settings, run_id, as_of, date)
    with _step(settings, night, "take_in") as counts:
        try:
            _hold_for_clock(settings, night, counts)
            intake = Intake(settings, run_id, night.moment)
            counts["new_files"] = 0 if night.looks_back else intake.take_in()
        except LakeDamageError as damage:
            why = [f"L01 数据湖中的文件与登记不符或无法读取，请从备份恢复 · restore from the backup: {damage}"]
            counts.update({**NOTHING_TAKEN_IN, **record_hold(settings, None, why, ["L01"])})
            raise GateHeld(why) from damage
    return night.as_json() | {"new_files": str(counts["new_files"])}


def begin(settings: Settings, run_id: str, as_of: str | None = None) -> Night:
    """A night that takes nothing in. Raises `AsOfError`, and `GateHeld` when the clock is not believed."""
    night = Night.begin(run_id, as_of)
    with _step(settings, night, "begin") as counts:
        _hold_for_clock(settings, night, counts)
    return night


def _hold_for_clock(settings: Settings, night: Night, counts: dict[str, Any]) -> None:
    """End the night before anything bears the time of a clock that is not believed. A look back needs no clock."""
    doubt = None if night.looks_back else clock.doubt(settings, night.moment)
    if doubt:
        counts.update({**NOTHING_TAKEN_IN, **record_hold(settings, None, [str(doubt)], [clock.REASON])})
        raise GateHeld([str(doubt)])


def batches(settings: Settings, night: Night) -> list[dict[str, int]]:
    """The new files in shares of a size that is a setting; one empty share where there are none."""
    from ingest.intake import Intake

    return [asdict(one) for one in Intake(settings, night.run_id, night.moment).batches(settings.reading_batch)]


def read_and_check(settings: Settings, night: Night, batch: Mapping[str, int] | None = None) -> None:
    """Read and check every new file, or those of one batch, each in a process of its own."""
    from ingest.intake import Batch, Intake

    share = Batch(**batch) if batch else None
    with _step(settings, night, "read_and_check") as counts:
        counts["identified"] = Intake(settings, night.run_id, night.moment).read_and_check(share)
        counts["batch"] = f"{share.number}/{share.of}" if share and share.of > 1 else None


def land(settings: Settings, night: Night) -> dict[str, Any]:
    """Append tonight's rows to the lake; gives the counts of the intake."""
    from ingest.intake import Intake

    # A run that is cleared builds once more: nobody is to be told of the build before.
    progress.path_of(settings, night.run_id).unlink(missing_ok=True)
    with _step(settings, night, "land") as counts:
        counts.update(asdict(Intake(settings, night.run_id, night.moment).land()))
    return counts


def build_warehouse(settings: Settings, night: Night) -> dict[str, Any]:
    """Build tonight's private edition: its warehouse, and what building it found wrong.

    It lies in a folder of this run: two that build the same edition at once do not meet before it is published. A run
    that built it before is built from what it saw then. Where that very edition is the current one already, nothing is
    built: it would be discarded (docs/decisions/0051-nothing-new.md).
    """
    with _alone(settings):
        return _build_warehouse(settings, night)


def _build_warehouse(settings: Settings, night: Night) -> dict[str, Any]:
    from ingest.lake import Lake
    from jiheng.warehouse import build
    from publish import editions

    lake = Lake(settings.lake)
    digest, data_time = _state_of(settings, lake, night)
    edition_id = _edition_id(settings, night, digest)
    edition = {"edition_id": edition_id, "lake_digest": digest, "data_time": data_time.isoformat()}
    if _stands(settings, lake, night, edition_id):
        with _step(settings, night, "build_warehouse") as counts:
            progress.nothing_to_build(settings, night.run_id)
            counts["standing"] = edition_id
        return edition
    private = _private(settings, night, edition_id)
    leftovers.clear(settings, spared=private.parent)
    shutil.rmtree(private.parent, ignore_errors=True)
    private.mkdir(parents=True)
    previous = _previous(settings, edition_id, night.as_of)
    variables = {
        "as_of": data_time.isoformat(),
        "as_of_day": night.as_of.astimezone(LOCAL_TIME).date().isoformat(),
        "edition_id": edition_id,
        "previous_edition": str(previous or ""),
    }
    with _step(settings, night, "build_warehouse") as counts, _removed_on_failure(private.parent):
        built = build(settings, private / BUILD, variables, progress=progress.path_of(settings, night.run_id))
        if not _broken_models(built):
            editions.export_warehouse(private / BUILD, private)
        failures = [asdict(failure) for failure in built.failures]
        write_json(private / BUILD_FACTS, {"failures": failures, "tests": built.tests, "damage": lake.damage()})
        (private / BUILD).unlink(missing_ok=True)
        counts.update({"models": built.models, "tests": built.tests, "failures": len(built.failures)})
    return edition


def evaluate_gate(settings: Settings, night: Night, edition: Mapping[str, str]) -> dict[str, Any]:
    """Let the gate decide on the private edition and write its decision there.

    Once the edition was made from it, the decision stands: a step that is run again gives it once more.
    """
    from jiheng import gate, publication

    private = _private(settings, night, edition["edition_id"])
    with _alone(settings), _step(settings, night, "evaluate_gate") as counts:
        if not (private / BUILD_FACTS).is_file():
            counts.update(publication.decided(settings, private))
            return dict(counts)
        previous = _previous(settings, edition["edition_id"], night.as_of)
        decision = gate.judge(settings, night.as_of, edition, private, previous)
        if (private / WAREHOUSE).exists():
            gate.store(private / WAREHOUSE, decision.rows())
        write_json(private / "gate.json", decision.as_json())
        counts.update({"decision": decision.decision, "expectations": len(decision.results)})
        counts["holding"] = [one.told for one in decision.holding]
    return {"decision": decision.decision, "holding": counts["holding"], "waivers": decision.waivers}


def publish_edition(
    settings: Settings, night: Night, edition: Mapping[str, str], gate: Mapping[str, Any], counts: Mapping[str, Any]
) -> dict[str, Any]:
    """Complete the private edition and point at it. Raises `GateHeld` when the gate holds it: nothing is moved then."""
    from jiheng import publication

    edition_id = edition["edition_id"]
    previous = _previous(settings, edition_id, night.as_of)
    candidate = publication.Candidate(_private(settings, night, edition_id), edition, previous, night.as_of)
    with _alone(settings), _step(settings, night, "publish_edition") as result:
        result.update({key: counts[key] for key in ("received", "accepted", "returned", "quarantined")})
        result.update({"edition_id": edition_id, "gate": gate["decision"], "holding": gate["holding"]})
        try:
            result.update(publication.publish(settings, candidate, {"run_id": night.run_id}, past=night.publishes_past))
        except GateHeld as held:
            result.update(publication.hold(settings, candidate, held.why, night.as_json()))
            raise
        result["site"] = str(settings.editions / "current" / "site" / "index.html")
    return result


def _stands(settings: Settings, lake: Lake, night: Night, edition_id: str) -> bool:
    """Whether the current edition is the one that this night would build, from a lake that is whole.

    A run that is cleared, or that looks back, is built all the same: somebody wants to see it built.
    """
    from publish import editions, records

    standing = editions.current(settings.editions)
    is_it = standing is not None and standing.name == edition_id and not night.looks_back
    return is_it and edition_id in records.published_ids(settings.editions) and not lake.damage()


def _broken_models(built: Any) -> bool:
    return any(failure.kind != "test" for failure in built.failures)


def _edition_id(settings: Settings, night: Night, lake_digest: str) -> str:
    """The night's date and a hash of all that the edition is made from: the same input gives the same id."""
    local = night.as_of.astimezone(LOCAL_TIME)
    return f"{local:%Y-%m-%d}-{key_of(lake_digest, code_version(), *method_ids(settings), length=8)}"


def _private(settings: Settings, night: Night, edition_id: str) -> Path:
    """Where this run builds: `private/<run>/<edition_id>`."""
    return settings.home / "private" / key_of(night.run_id) / edition_id


def _state_of(settings: Settings, lake: Lake, night: Night) -> tuple[str, datetime]:
    """Digest and time of what an edition is made from: all that has landed by now, by the time that was asked for, or
    by the time that this run has looked at before.

    Under the lake's lock: a batch that lands later is recorded later than all that is seen here.
    """
    if seen := reruns.seen_by(settings, night.run_id):
        return lake.state(seen.data_time)
    with lake.alone():
        digest, data_time = lake.state(night.as_of if night.looks_back else max(night.as_of, lake.newest()))
    reruns.keep(settings, night.run_id, reruns.Seen(night.as_of, data_time))
    return digest, data_time


def _alone(settings: Settings) -> AbstractContextManager[None]:
    """One at a time builds, decides or publishes: a task whose worker was given up for lost may still be at it."""
    return alone(settings.home / ".building.lock")


def _previous(settings: Settings, edition_id: str, as_of: datetime) -> Path | None:
    """The edition that this one follows: the last that was published by then and is not this one itself."""
    from publish import editions

    published = [
        event["edition_id"]
        for event in editions.history(settings.editions)
        if event.get("event") in ("publish", "rollback", "restore") and datetime.fromisoformat(event["at"]) <= as_of
    ]
    earlier = []
    for name in published:
        if name == edition_id:
            break
        earlier.append(name)
    return settings.editions / earlier[-1] if earlier else None


@contextmanager
def _removed_on_failure(directory: Path) -> Iterator[None]:
    """A build that failed is of no use to anybody and takes the room that the next one needs."""
    try:
        yield
    except Exception:
        shutil.rmtree(directory, ignore_errors=True)
        raise


@contextmanager
def _step(settings: Settings, night: Night, name: str) -> Iterator[dict[str, Any]]:
    """Note a step's beginning and end in the run's log, with its counts and seconds, and tell its metrics."""
    counts: dict[str, Any] = {}
    noted = runs.begin(settings, night.run_id, name)
    try:
        with bound_contextvars(jiheng_run=night.run_id, step=name):
            yield counts
    except GateHeld:
        noted.end("held", counts)
        raise
    except BaseException as error:
        with suppress(OSError):  # where the disk is full, there is no room for this line either
            noted.end("failed", _told(error, settings.home))
        raise
    else:
        noted.end("end", counts)
    finally:
        metrics.tell(settings)


def _told(error: BaseException, home: Path) -> dict[str, str]:
    """A trouble with the disk in words and by its code, else the first line of an error, personal data masked."""
    from ingest.reading.normalise import mask_personal_data

    trouble = trouble_of(error, home)
    if trouble:
        return {"error": f"{trouble}；{trouble.kind.remedy}", "code": trouble.kind.code}
    return {"error": mask_personal_data(f"{type(error).__name__}: {error}".partition("\n")[0])[:300]}
