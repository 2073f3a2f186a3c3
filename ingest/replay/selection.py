"""Which archived files are read again: versions that an older reader read, and files that were refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.inbox import Arrival
from ingest.lake import Lake
from ingest.reading.claims import READER_VERSION
from ingest.reasons import is_about, kind_of, reasons

OF_ARRIVAL = (
    "arrival_id",
    "source_name",
    "sha256",
    "size_bytes",
    "received_at",
    "channel",
    "sender_division",
    "parcel",
)
OF_VERSION = (
    *("submission_version_id", "arrival_id", "division_key", "department_key", "fiscal_year", "reader_version"),
    *("version_number", "verdict", "received_at", "sha256"),
)


class SelectionError(ValueError):
    """A selection that names what there is not."""


@dataclass(frozen=True)
class Selection:
    """What to read again. Empty filters let everything through; all that are given must fit.

    With `reasons`, files that were refused for one of them are meant, and no versions. `is_forced` takes versions that
    the current reader has read already as well.
    """

    fiscal_years: tuple[int, ...] = ()
    divisions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    is_forced: bool = False

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Selection:
        """The selection that another step wrote as JSON, or that a form gave; null is empty."""
        named = {
            name: tuple(str(one).strip() for one in value.get(name) or ())
            for name in ("divisions", "departments", "versions", "reasons")
        }
        years = tuple(int(year) for year in value.get("fiscal_years") or ())
        return cls(years, **named, is_forced=bool(value.get("is_forced")))

    def takes(self, row: Mapping[str, Any]) -> bool:
        """Whether a version's latest reading is among those meant."""
        return (
            (self.is_forced or row["reader_version"] != READER_VERSION)
            and (not self.fiscal_years or row["fiscal_year"] in self.fiscal_years)
            and (not self.divisions or row["division_key"] in self.divisions)
            and (not self.departments or row["department_key"] in self.departments)
            and (not self.versions or row["submission_version_id"] in self.versions)
        )


@dataclass(frozen=True)
class Item:
    """One file to read again, as it stands in the lake now: its arrival, and how it was read or why it was refused."""

    arrival: Arrival
    arrived_at: datetime
    division_key: str | None
    fiscal_year: int | None = None
    reader_version: str | None = None
    verdict: str | None = None
    refused_for: str | None = None

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Item:
        """The item that another step wrote as JSON."""
        arrived_at = datetime.fromisoformat(row["arrived_at"])
        return cls(**{**row, "arrival": Arrival.from_json(row["arrival"]), "arrived_at": arrived_at})

    @property
    def version_id(self) -> str | None:
        """The version that these bytes were read as before."""
        return self.arrival.version_id


def latest_readings(lake: Lake) -> dict[str, dict[str, Any]]:
    """The latest reading of each version, in the order in which the versions landed first."""
    rows = lake.read("submission_version", list(OF_VERSION))
    return {row["submission_version_id"]: row for row in rows}


def select(lake: Lake, selection: Selection) -> list[Item]:
    """Files that are meant, in the order in which they came. Raises `SelectionError`."""
    _check(selection)
    arrivals = lake.read("arrival", [*OF_ARRIVAL, "outcome", "reason_code"])
    first = {row["arrival_id"]: row["recorded_at"] for row in reversed(arrivals)}
    latest = {row["arrival_id"]: row for row in arrivals}
    found = _refused(latest.values(), first, selection) if selection.reasons else _read(lake, latest, first, selection)
    return sorted(found, key=lambda item: (item.arrived_at, item.arrival.received_at, item.arrival.source_name))


def _check(selection: Selection) -> None:
    if unknown := sorted(set(selection.reasons) - set(reasons())):
        raise SelectionError(f"没有这样的原因代码 no such reason: {', '.join(unknown)}")
    if never := [code for code in selection.reasons if not is_about(code, "content") or kind_of(code) == "duplicate"]:
        raise SelectionError(
            f"因 {', '.join(sorted(never))} 未收的文件，重读也不会不同 · reading again changes nothing for these"
        )
    if selection.reasons and (selection.fiscal_years or selection.departments or selection.versions):
        raise SelectionError(
            "未读出的文件还不知道年度、部门和版本，只能按原因和区划选取"
            " · of a file that was not read, year, department and version are not known"
        )


def _read(
    lake: Lake, arrivals: Mapping[str, Mapping[str, Any]], first: Mapping[str, datetime], selection: Selection
) -> list[Item]:
    readings = latest_readings(lake)
    if missing := sorted(set(selection.versions) - set(readings)):
        raise SelectionError(f"没有这些报送版本 no such versions: {', '.join(missing)}")
    return [
        Item(
            _arrival(arrivals[row["arrival_id"]], row["submission_version_id"]),
            first[row["arrival_id"]],
            row["division_key"],
            row["fiscal_year"],
            row["reader_version"],
            row["verdict"],
        )
        for row in readings.values()
        if selection.takes(row) and row["arrival_id"] in arrivals
    ]


def _refused(arrivals: Iterable[Mapping[str, Any]], first: Mapping[str, datetime], selection: Selection) -> list[Item]:
    rows = list(arrivals)
    read_since = {row["sha256"] for row in rows if row["outcome"] == "identified"}
    # One that was tried several times is one file.
    latest = {(row["source_name"], row["sha256"]): row for row in rows if row["reason_code"] in selection.reasons}
    return [
        Item(_arrival(row, None), first[row["arrival_id"]], row["sender_division"], refused_for=row["reason_code"])
        for (_, digest), row in latest.items()
        if digest and digest not in read_since
        if not selection.divisions or row["sender_division"] in selection.divisions
    ]


def _arrival(row: Mapping[str, Any], version_id: str | None) -> Arrival:
    # A batch from before channels were told apart has no such columns.
    known = {name: row.get(name) for name in OF_ARRIVAL}
    return Arrival(**{**known, "channel": known["channel"] or "folder", "version_id": version_id})  # type: ignore[arg-type]
