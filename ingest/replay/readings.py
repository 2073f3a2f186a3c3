"""What becomes of each file that was read again, judged as it was filed, and the rows that are landed of it.

A reading that failed, or that would return an accepted report without a person's word, lands nothing but a note: the
reading before it stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ingest.filings import Filings, Rows
from ingest.lake import Lake
from ingest.outbox import REREAD
from ingest.reader import Outcome
from ingest.reading.claims import READER_VERSION
from ingest.reasons import kind_of, reasons
from ingest.replay.differences import Difference, difference
from ingest.replay.selection import Item, latest_readings
from jiheng.files import canonical_json

RETURNED, WORD = "returned", "return"
WOULD_RETURN = "WOULD_RETURN"
# What a finding says: an explanation that was accepted for it holds while a newer reading says the same.
TOLD = ("rule_id", "outcome", "message_zh", "expected", "found")
Became = Literal["landed", "unchanged", "withheld", "failed", "refused"]


@dataclass(frozen=True)
class Reread:
    """One file that was read again: what became of it, its rows where there are any, and what differs."""

    item: Item
    became: Became
    rows: Rows
    reason_code: str | None = None
    detail: str | None = None
    media_type: str | None = None
    difference: Difference | None = None

    @property
    def verdict(self) -> str | None:
        """The verdict of the newer reading."""
        return next((row["verdict"] for row in self.rows.get("submission_version", ())), None)

    def landed_rows(self, run_id: str) -> Rows:
        """The rows that the lake will hold of it."""
        rows: Rows = {"stage_outcome": []}
        if self.became == "landed":
            rows = {table: list(found) for table, found in self.rows.items()}
        if self.became == "landed" and self.item.refused_for:
            rows["arrival"] = [self.item.arrival.row("identified", self.media_type, None)]
            rows["stage_outcome"].append(self._stage("received", "archived", None, {}))
        elif self.became == "refused":
            rows["arrival"] = [self.item.arrival.row("quarantined", self.media_type, self.reason_code, self.detail)]
        rows["stage_outcome"].append(self._stage(REREAD, self.became, self.reason_code, self._told()))
        for row in rows["stage_outcome"]:
            row["run_id"] = run_id
        return rows

    def _told(self) -> dict[str, Any]:
        facts: dict[str, Any] = {"reader_before": self.item.reader_version, "reader": READER_VERSION}
        facts |= {"verdict_before": self.item.verdict, "verdict": self.verdict, "refused_for": self.item.refused_for}
        return facts | (self.difference.as_json() if self.difference else {})

    def _stage(self, stage: str, outcome: str, reason_code: str | None, counts: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "arrival_id": self.item.arrival.arrival_id,
            "submission_version_id": self.item.version_id,
            "stage": stage,
            "outcome": outcome,
            "reason_code": reason_code,
            "counts": canonical_json(counts),
            "seconds": "0",
        }


class Judge:
    """Judges files that were read again, each among those that had come before it, and compares with before."""

    def __init__(self, lake: Lake, filings: Filings, profiles: Iterable[Mapping[str, Any]]) -> None:
        self.lake, self.filings = lake, filings
        self.readings = latest_readings(lake)
        self.profiles = {row["submission_version_id"]: row for row in profiles}
        self.words = {row["submission_version_id"]: row["at"] for row in filings.acts if row["kind"] == WORD}

    def judged(self, outcomes: Iterable[tuple[Item, Outcome]]) -> list[Reread]:
        """What becomes of each, in the order of the items."""
        read = {item.arrival.arrival_id: (item, outcome) for item, outcome in outcomes}
        before = self._rows_before([item.version_id for item, _ in read.values() if item.version_id])
        found = {}
        for arrival_id, version_id in self._in_order([item for item, _ in read.values()]):
            if arrival_id in read:
                one = self._judge(*read[arrival_id], before.get(version_id or "", {}))
                found[arrival_id] = one
                if one.became == "landed":
                    continue  # it is known by its new reading
            # Of a reading that is not landed, the one before takes its place again.
            if version_id in self.profiles:
                self.filings.know(self.profiles[version_id])
        return [found[arrival_id] for arrival_id in read]

    def _in_order(self, items: Iterable[Item]) -> Iterator[tuple[str, str | None]]:
        """Arrivals with their versions as they came: those that are known, and in between those that were refused."""
        known: list[tuple[str, str | None]] = [
            (row["arrival_id"], key) for key, row in self.readings.items() if key in self.profiles
        ]
        known += [(item.arrival.arrival_id, item.version_id) for item in items if item.version_id not in self.profiles]
        rows = {row["arrival_id"]: row for row in reversed(self.lake.read("arrival", ["arrival_id", "received_at"]))}
        yield from sorted(known, key=lambda one: (rows[one[0]]["recorded_at"], rows[one[0]]["received_at"]))

    def _judge(self, item: Item, outcome: Outcome, before: Rows) -> Reread:
        if not outcome.rows:
            return self._without_rows(item, outcome)
        rows = outcome.rows
        [version] = rows["submission_version"]
        version["version_number"] = self._number(item, version)
        version["province_key"] = self.filings.provinces.get(version["division_key"])
        self.filings.judge(rows, item.arrival.sender_division, item.arrival.declared)
        _keep_ids(rows["finding"], before.get("finding", []))
        found = difference({table: [row for row in old if row["is_latest"]] for table, old in before.items()}, rows)
        became: Became = "landed"
        if self._needs_a_word(item, version["verdict"]):
            became = "withheld"
        elif item.reader_version == READER_VERSION and found.is_none and item.verdict == version["verdict"]:
            became = "unchanged"
        return Reread(
            item, became, rows, WOULD_RETURN if became == "withheld" else None, None, outcome.media_type, found
        )

    def _without_rows(self, item: Item, outcome: Outcome) -> Reread:
        """A file that the newer reader refuses: a version keeps its reading, another refusal is told to its sender."""
        code = outcome.reason_code
        is_told = item.refused_for and code in reasons() and code != item.refused_for and kind_of(code) == "sender"
        return Reread(item, "refused" if is_told else "failed", {}, code, outcome.detail or None, outcome.media_type)

    def _needs_a_word(self, item: Item, verdict: str) -> bool:
        """Whether it would take an acceptance back that a county holds a receipt of, and nobody has said it may."""
        if verdict != RETURNED or item.verdict in (None, RETURNED) or item.version_id is None:
            return False
        reading, word = self.readings[item.version_id], self.words.get(item.version_id)
        return word is None or word < reading["recorded_at"]

    def _number(self, item: Item, version: Mapping[str, Any]) -> int:
        """A version keeps its number in its line; one that comes into a line anew has that of its time of receipt."""
        line = self.filings.line_of(version)
        reading = self.readings.get(item.version_id or "")
        if reading and self.filings.line_of(reading) == line:
            return int(reading["version_number"])
        others = [row for key, row in self.readings.items() if key != item.version_id]
        received = [row["received_at"] for row in others if self.filings.line_of(row) == line]
        return 1 + len([moment for moment in received if moment < item.arrival.received_at])

    def _rows_before(self, version_ids: list[str]) -> dict[str, Rows]:
        """Rows of the readings so far, by version and table; of claims the latest reading only."""
        found: dict[str, Rows] = defaultdict(lambda: defaultdict(list))
        for table in ("claim", "finding") if version_ids else ():
            for row in self.lake.read(table, among=("submission_version_id", version_ids)):
                since = self.readings[row["submission_version_id"]]["recorded_at"]
                row["is_latest"] = row["recorded_at"] >= since
                found[row["submission_version_id"]][table].append(row)
        return found


def _keep_ids(findings: list[dict[str, Any]], before: Iterable[Mapping[str, Any]]) -> None:
    """Findings that were told before keep their ids; others get ids that no reading of the version has given yet."""
    told: dict[tuple[Any, ...], dict[str, None]] = defaultdict(dict)
    for row in before:
        told[_telling(row)][row["finding_id"]] = None
    last = max((int(row["finding_id"].rpartition("-f")[2]) for row in before), default=0)
    if not last:
        return
    taken: Counter[tuple[Any, ...]] = Counter()
    for row in findings:
        key = _telling(row)
        ids = list(told.get(key, ()))
        if taken[key] < len(ids):
            row["finding_id"] = ids[taken[key]]
            taken[key] += 1
        else:
            last += 1
            row["finding_id"] = f"{row['submission_version_id']}-f{last:03d}"


def _telling(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in TOLD)
