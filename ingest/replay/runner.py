"""A replay as steps that can each be run again (choose, read, compare or land), batch by batch, like an intake."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.apart import run_apart, telling_trouble
from ingest.archive import Archive, Visit
from ingest.channels.manifest import Declared
from ingest.channels.parcels import is_parcel, members_of
from ingest.documents.document import DocumentError
from ingest.filings import Filings, profiles_in
from ingest.inbox import Arrival
from ingest.lake import Lake
from ingest.outbox import send_back
from ingest.outcomes import outcomes_of, reader_data
from ingest.reader import Outcome
from ingest.replay.readings import Judge, Reread
from ingest.replay.selection import Item, Selection, select
from jiheng.files import key_of, sha256_of_file, write_json, write_text
from jiheng.settings import Settings

# So many files are read and landed at once: what a killed replay has to do again.
BATCH = 200
# Files that cannot be read again, and why: told to the operator, not to the sender.
GONE, CHANGED, ERASED, PARCEL = "ARCHIVE_MISSING", "ARCHIVE_CHANGED", "ARCHIVE_ERASED", "PARCEL"


@dataclass(frozen=True)
class Replay:
    """One batch of one replay; `moment` is the time that its records bear."""

    settings: Settings
    run_id: str
    moment: datetime
    number: int = 0

    @property
    def work(self) -> Path:
        """The batch's own directory for what passes from one step to the next."""
        return self.settings.work / f"replay-{key_of(self.run_id)}-{self.number:04d}"

    @property
    def lake(self) -> Lake:
        """The lake of this installation."""
        return Lake(self.settings.lake)

    @property
    def archive(self) -> Archive:
        """The archive of this installation."""
        return Archive(self.settings.archive)

    def choose(self, selection: Selection) -> list[Item]:
        """What is to be read again, as the lake stands now."""
        return select(self.lake, selection)

    def batches(self, items: Sequence[Item]) -> list[Replay]:
        """The items in batches, each noted in a directory of its own."""
        found = []
        for number, first in enumerate(range(0, len(items), BATCH)):
            one, some = replace(self, number=number), items[first : first + BATCH]
            shutil.rmtree(one.work, ignore_errors=True)
            write_json(one.work / "items.json", [asdict(item) for item in some])
            found.append(one)
        return found

    def read(self) -> None:
        """Read each file again, by a command of its own."""
        run_apart(self.settings, __name__, self.run_id, self.moment.isoformat(), str(self.number), place=self.work)

    def read_here(self) -> None:
        """Read in processes of this one, and note each outcome in the batch's own directory."""
        files: list[tuple[Arrival, Path]] = []
        items = self._items()
        self.archive.visited(Visit("jiheng", self.run_id, "replay"), [item.arrival.sha256 for item in items])
        for item in items:
            path = self.archive.path_of(item.arrival.sha256)
            trouble = ERASED if self.archive.is_erased(item.arrival.sha256) else _trouble_with(path, item)
            if trouble:
                self._note(item.arrival, Outcome(None, trouble))
            else:
                files.append((item.arrival, path))
        for arrival, outcome in outcomes_of(self.settings, files, self.work):
            self._note(arrival, outcome)

    def compare(self) -> list[Reread]:
        """What landing would change. Nothing is landed, and the files of this batch are removed."""
        found = self._judged()
        shutil.rmtree(self.work, ignore_errors=True)
        return found

    def land(self) -> dict[str, int]:
        """Land the batch, send receipts of changed verdicts, and count what became of the files.

        A file that was read by the current reader meanwhile is passed over: so a batch may be landed again.
        """
        with self.lake.alone():
            found = self._judged()
            rows: dict[str, list[dict[str, Any]]] = {}
            for one in found:
                for table, landed in one.landed_rows(self.run_id).items():
                    rows.setdefault(table, []).extend(landed)
            self.lake.land(rows, self.moment)
        send_back(self.settings)
        shutil.rmtree(self.work, ignore_errors=True)
        return dict(Counter(one.became for one in found))

    def _judged(self) -> list[Reread]:
        outcomes = list(self._outcomes())
        rows = (row for _, outcome in outcomes for row in outcome.rows.get("submission_version", ()))
        years = {row["fiscal_year"] for row in rows} | {item.fiscal_year for item, _ in outcomes if item.fiscal_year}
        data = reader_data(self.settings)
        filings = Filings(self.lake, self.settings.reference, data.provinces, data.directory, ())
        wanted = sorted({year + offset for year in years for offset in (-1, 0)})
        return Judge(self.lake, filings, profiles_in(self.lake, wanted)).judged(outcomes)

    def _outcomes(self) -> Iterator[tuple[Item, Outcome]]:
        """What was read, of files that still stand in the lake as they did when they were chosen."""
        versions = self.lake.read("submission_version", ["submission_version_id", "reader_version", "sha256"])
        readings = {row["submission_version_id"]: row["reader_version"] for row in versions}
        read = {row["sha256"] for row in versions}
        for item in self._items():
            path = self._outcome_of(item.arrival)
            is_same = (
                readings.get(item.version_id) == item.reader_version
                if item.version_id
                else item.arrival.sha256 not in read
            )
            if is_same and path.exists():
                yield item, Outcome.from_kept(path.read_text(encoding="utf-8"))

    def _items(self) -> list[Item]:
        listed = self.work / "items.json"
        rows = json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else []
        items = [Item.from_json(row) for row in rows]
        return [replace(item, arrival=replace(item.arrival, declared=self._declared(item.arrival))) for item in items]

    def _declared(self, arrival: Arrival) -> Declared | None:
        """What the manifest of the archived package says of one of its members."""
        if not arrival.parcel:
            return None
        parcels = self.lake.read("arrival", ["sha256", "outcome"], among=("source_name", [arrival.parcel]))
        for parcel in parcels:
            path = self.archive.path_of(parcel["sha256"]) if parcel["outcome"] == "unpacked" else None
            if path and path.exists():
                try:
                    members = list(members_of(path.read_bytes()))
                except DocumentError:
                    continue
                name = arrival.source_name.removeprefix(f"{arrival.parcel}/")
                declared = [one.declared for one in members if one.name == name and one.declared]
                if declared:
                    return declared[0]
        return None

    def _outcome_of(self, arrival: Arrival) -> Path:
        return self.work / "outcomes" / f"{arrival.arrival_id}.jsonl"

    def _note(self, arrival: Arrival, outcome: Outcome) -> None:
        write_text(self._outcome_of(arrival), outcome.kept())


def _trouble_with(path: Path, item: Item) -> str | None:
    """Why archived bytes cannot be read again: they are gone or changed, or a package that has to come in again."""
    if not path.exists():
        return GONE
    if sha256_of_file(path) != item.arrival.sha256:
        return CHANGED
    return PARCEL if item.refused_for and is_parcel(path.read_bytes()) else None


def main() -> None:
    """Read one batch in this process; a trouble with the disk is told by the exit code."""
    run_id, moment, number = sys.argv[1:]
    with telling_trouble():
        Replay(Settings.from_environment(), run_id, datetime.fromisoformat(moment), int(number)).read_here()


if __name__ == "__main__":
    main()
