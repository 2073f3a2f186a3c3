"""Registers: the divisions there are, who owes a report by when, and when files were handed in elsewhere.

Each is a table by the name of its subject, as .csv or as .xlsx (`ingest.tables` reads both).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ingest.identify import Directory, Division, department_key_of
from ingest.tables import Row, read_table_file
from jiheng.files import canonical_json, sha256_of_bytes

# Columns that a register must have; others may be missing.
DIVISIONS, DUE, DELIVERIES, NAME_FORMS = "divisions", "due_submissions", "deliveries", "name_forms"
NEEDED = {
    DIVISIONS: ("division_key", "name", "aliases", "kind", "fiscal_parent_key", "province_key", "valid_from"),
    DUE: ("division_key", "department_name", "functions", "fiscal_year", "due_on"),
    DELIVERIES: ("source_name", "received_at"),
    NAME_FORMS: ("long", "short"),
}
FORMATS = (".csv", ".xlsx")
LIST_MARK = ";"


def read_rows(directories: Iterable[Path], name: str) -> list[Row]:
    """Rows of every table of this name below the directories, each with its place.

    Raises `TableError` for one that cannot be used, with file, sheet, row and column.
    """
    found = (path for directory in directories if directory.is_dir() for path in sorted(directory.rglob(f"{name}.*")))
    return [row for path in found if path.suffix.lower() in FORMATS for row in read_table_file(path, NEEDED[name])]


def division_rows(directories: Iterable[Path]) -> list[dict[str, Any]]:
    """Rows of the lake's table `division`, with every name that a report may use as an alias."""
    directories = tuple(directories)
    forms = [(row["long"], row["short"]) for row in read_rows(directories, NAME_FORMS)]
    found = []
    for row in read_rows(directories, DIVISIONS):
        for column in ("division_key", "name"):
            if not row[column]:
                raise row.error(column, "不能为空，请填写", "it must not be empty")
        aliases = {row["name"], *filter(None, row["aliases"].split(LIST_MARK))}
        aliases |= {alias.replace(long, short) for alias in set(aliases) for long, short in forms}
        found.append(
            {key: value or None for key, value in row.values.items()}
            | {"aliases": sorted(aliases), "valid_from": _day(row, "valid_from")}
            | {"valid_to": _day(row, "valid_to") if row["valid_to"] else None}
        )
    return found


def due_rows(directories: Iterable[Path], divisions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the lake's table `due_submission`; departments bear their division's short name before their own."""
    known = {division.division_key: division for division in _divisions(divisions)}
    found = []
    for row in read_rows(directories, DUE):
        division = known.get(row["division_key"])
        if division is None:
            raise row.error("division_key", "应为区划名册中的区划键", "it must be a key of the register of divisions")
        local = division.local_name(row["department_name"])
        found.append(
            {
                "division_key": division.division_key,
                "department_name": division.short_name + local,
                "department_key": department_key_of(division.division_key, local),
                "functions": [one for one in row["functions"].split(LIST_MARK) if one],
                "fiscal_year": _year(row, "fiscal_year"),
                "due_on": _day(row, "due_on"),
                "source": row["source"],
            }
        )
    return found


def delivery_times(directories: Iterable[Path]) -> dict[str, datetime]:
    """When a file was handed in, by its name, where another system's log says so; times without a zone are UTC."""
    times = {}
    for row in read_rows(directories, DELIVERIES):
        try:
            moment = datetime.fromisoformat(row["received_at"])
        except ValueError as error:
            raise row.error(
                "received_at", "时间应写作 2026-03-31T10:00:00+08:00", "write a time like 2026-03-31T10:00:00+08:00"
            ) from error
        times[row["source_name"]] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return times


def directory_of(divisions: Iterable[Mapping[str, Any]], due: Iterable[Mapping[str, Any]]) -> Directory:
    """What identification needs to know, from rows of the two registers."""
    known = _divisions(divisions)
    by_key = {division.division_key: division for division in known}
    departments: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in due:
        local = by_key[row["division_key"]].local_name(row["department_name"])
        departments.setdefault(row["division_key"], {})[local] = tuple(row["functions"])
    return Directory(known, departments)


def _divisions(rows: Iterable[Mapping[str, Any]]) -> tuple[Division, ...]:
    """Divisions that have departments of their own: all but provinces."""
    return tuple(
        Division(row["division_key"], row["name"], row["fiscal_parent_key"] or "", tuple(row["aliases"]))
        for row in rows
        if row["kind"] != "province"
    )


def digest_of(rows: list[dict[str, Any]]) -> str:
    """A hash of a register's rows, to tell whether it has changed."""
    return sha256_of_bytes(canonical_json(rows).encode())


def _day(row: Row, column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise row.error(column, "日期应写作 2026-03-31", "write a date like 2026-03-31") from error


def _year(row: Row, column: str) -> int:
    if not (row[column].isascii() and row[column].isdigit()):
        raise row.error(column, "年度应写作 2024", "write a year like 2024")
    return int(row[column])
