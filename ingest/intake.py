"""Intake as three steps that can each be run again (take in, read and check, land), with JSON in `work/` between."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest import registers
from ingest.apart import run_apart, telling_trouble
from ingest.archive import Archive, Visit
from ingest.channels.places import Offer, offers_in, places_of
from ingest.channels.seen import Seen
from ingest.channels.settling import settled
from ingest.documents.packages import MEDIA_TYPE as PARCEL_TYPE
from ingest.filings import Filings
from ingest.inbox import Arrival, known_from, take_in
from ingest.lake import Lake
from ingest.lines import CHANGE_KEY
from ingest.outbox import send_back
from ingest.outcomes import outcomes_of, reader_data
from ingest.reader import Outcome
from ingest.reading.claims import READER_VERSION
from ingest.schema import TABLES
from jiheng.files import canonical_json, key_of, write_json, write_text
from jiheng.settings import Settings

# What names one row of a register; a later row with the same key takes its place.
REGISTER_KEYS = {
    "division": ("division_key", "valid_from"),
    "due_submission": ("department_key", "fiscal_year"),
    "department_change": CHANGE_KEY,
    "division_tile": ("division_key",),
}

# What the lake must hold whole for an intake to tell new from known, and to judge one filing among the others.
DECIDED_BY = (*REGISTER_KEYS, "arrival", "stage_outcome", "submission_version", "profile", "act")


@dataclass(frozen=True)
class IntakeCounts:
    """What one intake did, in files."""

    received: int
    accepted: int
    returned: int
    quarantined: int
    batch_id: str | None


@dataclass(frozen=True)
class Batch:
    """A share of a run's arrivals, which one process reads: the `number`-th of so many, from `first` on."""

    number: int
    of: int
    first: int
    files: int


@dataclass(frozen=True)
class Intake:
    """One intake of one run; `moment` is the time that its records bear."""

    settings: Settings
    run_id: str
    moment: datetime

    @property
    def work(self) -> Path:
        """The run's own directory for what passes from one step to the next."""
        return self.settings.work / "".join(c if c.isalnum() or c in "._-" else "_" for c in self.run_id)

    @property
    def lake(self) -> Lake:
        """The lake of this installation."""
        return Lake(self.settings.lake)

    @property
    def archive(self) -> Archive:
        """The archive of this installation."""
        return Archive(self.settings.archive)

    def take_in(self) -> int:
        """Land changed registers, archive new files, and note the arrivals. Returns how many files are new.

        Receipts that a killed run still owes are written first.
        """
        self.lake.check(DECIDED_BY)
        send_back(self.settings)
        with self.lake.alone():
            self._land_registers()
        known = known_from(self.lake.read("arrival", ["source_name", "sha256", "reason_code"]), self.moment)
        delivered = registers.delivery_times(self.settings.registers)
        offers = settled(self._offers(), self.settings.settle_seconds)
        arrivals = take_in(offers, self.archive, known, self.moment, delivered, Seen.at(self.settings.seen))
        shutil.rmtree(self.work, ignore_errors=True)
        write_json(self.work / "arrivals.json", [asdict(arrival) for arrival in arrivals])
        return len(arrivals)

    def batches(self, size: int) -> list[Batch]:
        """The arrivals that wait to be read, in shares of at most `size` files (0: all in one), as even as can be.

        Without any there is one empty share.
        """
        waiting = len(self._waiting())
        count = math.ceil(waiting / size) if size else 1
        edges = [waiting * number // max(count, 1) for number in range(max(count, 1) + 1)]
        shares = enumerate(pairwise(edges), 1)
        return [Batch(number, len(edges) - 1, first, end - first) for number, (first, end) in shares]

    def read_and_check(self, batch: Batch | None = None) -> int:
        """Read and check each new file, or those of one share. Returns how many were identified and judged."""
        share = batch or self.batches(0)[0]
        asked = (self.run_id, self.moment.isoformat(), canonical_json(asdict(share)))
        run_apart(self.settings, "ingest.intake", *asked, place=self.work)
        return sum(self._outcome(arrival).is_identified for arrival in self._share(share))

    def read_here(self, batch: Batch | None = None) -> None:
        """Read and check in processes of this one, and note each outcome in the run's own directory.

        A machine's processors are shared by as many batches as there are.
        """
        share = batch or self.batches(0)[0]
        processes = max(1, (os.cpu_count() or 1) // share.of)
        arrivals = self._share(share)
        visit = Visit("jiheng", self.run_id, "read_and_check")
        self.archive.visited(visit, [arrival.sha256 for arrival in arrivals])
        files = [(arrival, self.archive.path_of(arrival.sha256)) for arrival in arrivals]
        for arrival, outcome in outcomes_of(self.settings, files, self.work, processes):
            write_text(self._kept_at(arrival), outcome.kept())

    def land(self) -> IntakeCounts:
        """Land all rows of this intake as one batch, send receipts back, and count.

        Run again, it lands nothing twice and gives the same counts: an arrival that the lake holds already is passed
        over, and receipts that a killed run owes are written.
        """
        with self.lake.alone():
            self.lake.check(DECIDED_BY)
            self._land_arrivals()
        send_back(self.settings)
        shutil.rmtree(self.work, ignore_errors=True)
        return self._landed()

    def _landed(self) -> IntakeCounts:
        """What the lake holds of this run."""
        ours = self.lake.read("stage_outcome", ["batch_id"], among=("run_id", [self.run_id]))
        batches = sorted({row["batch_id"] for row in ours})
        if not batches:
            return IntakeCounts(0, 0, 0, 0, None)
        among = ("batch_id", batches)
        states = [row["outcome"] for row in self.lake.read("arrival", ["outcome"], among=among)]
        verdicts = [row["verdict"] for row in self.lake.read("submission_version", ["verdict"], among=among)]
        return IntakeCounts(
            received=sum(state != "unpacked" for state in states),
            accepted=sum(verdict != "returned" for verdict in verdicts),
            returned=verdicts.count("returned"),
            quarantined=states.count("quarantined"),
            batch_id=batches[-1],
        )

    def _arrivals(self) -> list[Arrival]:
        listed = self.work / "arrivals.json"
        rows = json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else []
        return [Arrival.from_json(row) for row in rows]

    def _waiting(self) -> list[Arrival]:
        """The arrivals that are to be read."""
        return [arrival for arrival in self._arrivals() if not (arrival.reason_code or arrival.is_parcel)]

    def _share(self, batch: Batch) -> list[Arrival]:
        return self._waiting()[batch.first : batch.first + batch.files]

    def _offers(self) -> list[Offer]:
        """What lies in all places where files are handed in."""
        divisions = {row["division_key"] for row in self.lake.read("division", ["division_key"])}
        return [offer for place in places_of(self.settings) for offer in offers_in(place, divisions)]

    def _land_registers(self) -> None:
        """Append registers whose rows differ from what the lake holds: files are the truth, the lake their history."""
        divisions = registers.division_rows(self.settings.registers)
        due = registers.due_rows(self.settings.registers, divisions)
        changes = registers.change_rows(self.settings.registers, divisions, self.lake.read("department_change"))
        tiles = registers.tile_rows(self.settings.registers, divisions)
        tables = {
            "division": divisions,
            "due_submission": due,
            "department_change": changes,
            "division_tile": tiles,
        }
        self.lake.land(
            {name: _not_landed(name, rows, self.lake.read(name)) for name, rows in tables.items()}, self.moment
        )

    def _outcome(self, arrival: Arrival) -> Outcome:
        if arrival.reason_code:
            return Outcome(None, arrival.reason_code)
        if arrival.is_parcel:
            return Outcome(PARCEL_TYPE, None)
        return Outcome.from_kept(self._kept_at(arrival).read_text(encoding="utf-8"))

    def _kept_at(self, arrival: Arrival) -> Path:
        return self.work / "outcomes" / f"{arrival.arrival_id}.jsonl"

    def _land_arrivals(self) -> None:
        """Land what became of each arrival that the lake does not hold yet, as one batch."""
        landed = {row["arrival_id"] for row in self.lake.read("arrival", ["arrival_id"])}
        arrivals = [arrival for arrival in self._arrivals() if arrival.arrival_id not in landed]
        if arrivals:
            digest = key_of(READER_VERSION, *(arrival.arrival_id for arrival in arrivals))
            self.lake.land_parts(self._parts(arrivals), self.moment, digest)

    def _parts(self, arrivals: Sequence[Arrival]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The rows of one arrival after the other, each version judged among all that came before it."""
        filings = self._filings(arrivals)
        versions = self._version_counts(filings)
        for arrival in arrivals:
            outcome = self._outcome(arrival)
            detail = arrival.detail or outcome.detail or None
            state = _state_of(arrival, outcome)
            yield "arrival", [arrival.row(state, outcome.media_type, outcome.reason_code, detail)]
            yield "stage_outcome", [self._received(arrival, outcome)]
            for version in outcome.rows.get("submission_version", ()):
                line = filings.line_of(version)
                versions[line] = version["version_number"] = versions.get(line, 0) + 1
                version["province_key"] = filings.provinces.get(version["division_key"])
                filings.judge(outcome.rows, arrival.sender_division, arrival.declared)
            for row in outcome.rows.get("stage_outcome", ()):
                row["run_id"] = self.run_id
            yield from outcome.rows.items()

    def _filings(self, arrivals: Iterable[Arrival]) -> Filings:
        years = {year for arrival in arrivals if (year := self._outcome(arrival).fiscal_year) is not None}
        data = reader_data(self.settings)
        return Filings(self.lake, self.settings.reference, data.provinces, data.directory, years)

    def _version_counts(self, filings: Filings) -> dict[tuple[str, int], int]:
        known = self.lake.read("submission_version", ["department_key", "fiscal_year", "version_number"])
        counts: dict[tuple[str, int], int] = {}
        for row in known:
            line = filings.line_of(row)
            counts[line] = max(counts.get(line, 0), row["version_number"])
        return counts

    def _received(self, arrival: Arrival, outcome: Outcome) -> dict[str, Any]:
        return {
            "arrival_id": arrival.arrival_id,
            "submission_version_id": None,
            "stage": "received",
            "outcome": "unpacked" if arrival.is_parcel else "quarantined" if outcome.reason_code else "archived",
            "reason_code": outcome.reason_code,
            "counts": canonical_json(
                {"bytes": arrival.size_bytes} | ({"detail": outcome.detail} if outcome.detail else {})
            ),
            "seconds": "0",
            "run_id": self.run_id,
        }


def _state_of(arrival: Arrival, outcome: Outcome) -> str:
    """What became of a file: quarantined, unpacked (a parcel, whose members have arrivals of their own), identified."""
    if outcome.reason_code is not None:
        return "quarantined"
    return "unpacked" if arrival.is_parcel else "identified"


def _not_landed(table: str, rows: list[dict[str, Any]], landed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that differ from what the lake holds last under the same key."""
    key = REGISTER_KEYS[table]
    latest = {tuple(row[name] for name in key): _comparable(table, row) for row in landed}
    return [row for row in rows if latest.get(tuple(row[name] for name in key)) != _comparable(table, row)]


def _comparable(table: str, row: Mapping[str, Any]) -> str:
    return canonical_json({name: row.get(name) or None for name in TABLES[table].names})


def main() -> None:
    """Read and check a batch in this process; a trouble with the disk is told by the exit code."""
    run_id, moment, batch = sys.argv[1:]
    with telling_trouble():
        intake = Intake(Settings.from_environment(), run_id, datetime.fromisoformat(moment))
        intake.read_here(Batch(**json.loads(batch)))


if __name__ == "__main__":
    main()
