"""Which divisions have filed for a year: all that they owe by the register has landed, and was not withdrawn since.
Enough of them is a quorum.

A division and a year are known as `2025|division_key`, the partition of Airflow's events and runs about them.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.tables import read_table_file
from jiheng.files import write_json
from jiheng.settings import Settings

if TYPE_CHECKING:
    from ingest.lake import Lake
    from ingest.lines import Lines

MARK = "|"
# Whose report, the department under its newest name, and of which year.
Report = tuple[str, int]


@dataclass(frozen=True)
class Awaited:
    """The year that is being filed by the registers, and the partitions of the divisions that owe reports for it."""

    year: int
    partitions: tuple[str, ...]

    def quorum(self, percent: int) -> int:
        """How many divisions are enough."""
        return max(1, math.ceil(len(self.partitions) * percent / 100))


def awaited(settings: Settings) -> Awaited | None:
    """Read from the registers alone, for DAG files; None where no register says who owes a report."""
    folders = [folder for folder in settings.registers if folder.is_dir()]
    tables = [path for folder in folders for path in sorted(folder.rglob("due_submissions.*"))]
    due = [row for path in tables for row in read_table_file(path, ("division_key", "fiscal_year"))]
    years = [int(row["fiscal_year"]) for row in due if row["fiscal_year"].isdigit()]
    if not years:
        return None
    newest = str(max(years))
    owing = {_partition(row) for row in due if row["fiscal_year"] == newest}
    return Awaited(int(newest), tuple(sorted(owing)))


def filed(settings: Settings) -> list[str]:
    """The partitions of all divisions and years that have filed."""
    verdicts = _verdicts(settings)
    return sorted(partition for partition, owed in _owed(settings).items() if owed and owed <= verdicts.keys())


def filed_by(settings: Settings, batches: Iterable[str]) -> list[str]:
    """Those of them for which something landed in these batches of the lake: they have filed now, or corrected it."""
    among = ("batch_id", sorted(batches))
    landed = _lake(settings).read("submission_version", ["division_key", "fiscal_year"], among=among)
    return sorted({_partition(row) for row in landed} & set(filed(settings)))


def standing(settings: Settings, partition: str) -> dict[str, Any]:
    """How a division's filing stands: how many reports are due and have landed, and what was said of the newest."""
    year, _, division_key = partition.partition(MARK)
    owed, verdicts = _owed(settings).get(partition, set()), _verdicts(settings)
    [*_, name] = [row["name"] for row in _lake(settings).read("division") if row["division_key"] == division_key]
    counts = Counter(verdicts[line] for line in owed if line in verdicts)
    return {
        "division": name,
        "fiscal_year": int(year),
        "due": len(owed),
        "received": sum(counts.values()),
        "returned": counts["returned"],
    }


def record_quorum(settings: Settings, year: int, now: datetime) -> dict[str, Any]:
    """Put on record how many divisions have filed for the year, and when there were enough of them first."""
    path = _record(settings, year)
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    found = [one for one in filed(settings) if one.startswith(f"{year}{MARK}")]
    due = [one for one in _owed(settings) if one.startswith(f"{year}{MARK}")]
    told = {"fiscal_year": year, "reached_at": now.isoformat(), "filed_then": len(found)}
    told |= before | {"filed": len(found), "due": len(due)}
    write_json(path, told)
    return told


def quorums(settings: Settings) -> list[dict[str, Any]]:
    """Every year's record, the oldest first."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((settings.home / "filed").glob("*.json"))]


def _record(settings: Settings, year: int) -> Path:
    return settings.home / "filed" / f"{year}.json"


def _owed(settings: Settings) -> dict[str, set[Report]]:
    """What each division owes for each year by the registers as they landed."""
    lake, lines, owed = _lake(settings), _lines(settings), defaultdict(set)
    for row in lake.read("due_submission"):
        owed[_partition(row)].add((lines.newest(row["department_key"]), row["fiscal_year"]))
    return dict(owed)


def _verdicts(settings: Settings) -> dict[Report, str]:
    """What was said of the newest version of each report that has landed and was not withdrawn since."""
    lake, lines = _lake(settings), _lines(settings)
    rows = lake.read("submission_version", ["submission_id", "department_key", "fiscal_year", "received_at", "verdict"])
    rows.sort(key=lambda row: row["received_at"])
    reports = [(lines.newest(row["department_key"]), row["fiscal_year"]) for row in rows]
    withdrawn = _withdrawn(lake, {row["submission_id"]: report for row, report in zip(rows, reports, strict=True)})
    return {
        report: row["verdict"]
        for row, report in zip(rows, reports, strict=True)
        if report not in withdrawn or row["recorded_at"] > withdrawn[report]
    }


def _withdrawn(lake: Lake, reports: Mapping[str, Report]) -> dict[Report, datetime]:
    """When each report was withdrawn last."""
    acts = sorted(lake.read("act", ["kind", "submission_id", "at"]), key=lambda act: act["at"])
    mine = (act for act in acts if act["kind"] == "withdrawal" and act["submission_id"] in reports)
    return {reports[act["submission_id"]]: act["at"] for act in mine}


def _partition(row: Any) -> str:
    return f"{row['fiscal_year']}{MARK}{row['division_key']}"


def _lines(settings: Settings) -> Lines:
    from ingest.lines import Lines

    return Lines.of(_lake(settings).read("department_change"))


def _lake(settings: Settings) -> Lake:
    from ingest.lake import Lake

    return Lake(settings.lake)
