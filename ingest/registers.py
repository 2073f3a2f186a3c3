"""Registers: the divisions there are, who owes a report by when, and when files were handed in elsewhere."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ingest.identify import Directory, Division, department_key_of
from jiheng.files import canonical_json, sha256_of_bytes

DIVISIONS, DUE, DELIVERIES, NAME_FORMS = "divisions.csv", "due_submissions.csv", "deliveries.csv", "name_forms.csv"
LIST_MARK = ";"


class RegisterError(ValueError):
    """A register that cannot be used: which file, which line, what is wrong and how to mend it."""


def read_rows(directories: Iterable[Path], name: str) -> list[tuple[Path, int, dict[str, str]]]:
    """Rows of every file called `name` below the directories, each with its file and line."""
    rows = []
    for directory in directories:
        for path in sorted(directory.rglob(name)) if directory.is_dir() else ():
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows += [(path, line, row) for line, row in enumerate(csv.DictReader(stream), start=2)]
    return rows


def division_rows(directories: Iterable[Path]) -> list[dict[str, Any]]:
    """Rows of the lake's table `division`, with every name that a report may use as an alias."""
    directories = tuple(directories)
    forms = [(row["long"], row["short"]) for _, _, row in read_rows(directories, NAME_FORMS)]
    found = []
    for path, line, row in read_rows(directories, DIVISIONS):
        if not row.get("division_key") or not row.get("name"):
            raise RegisterError(f"{path.name} line {line}: division_key and name must not be empty")
        aliases = {row["name"], *filter(None, row["aliases"].split(LIST_MARK))}
        aliases |= {alias.replace(long, short) for alias in set(aliases) for long, short in forms}
        found.append(
            {key: value or None for key, value in row.items()}
            | {"aliases": sorted(aliases), "valid_from": _day(path, line, row, "valid_from")}
            | {"valid_to": _day(path, line, row, "valid_to") if row["valid_to"] else None}
        )
    return found


def due_rows(directories: Iterable[Path], divisions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the lake's table `due_submission`; departments bear their division's short name before their own."""
    known = {division.division_key: division for division in _divisions(divisions)}
    found = []
    for path, line, row in read_rows(directories, DUE):
        division = known.get(row["division_key"])
        if division is None:
            raise RegisterError(f"{path.name} line {line}: no division has the key {row['division_key']!r}")
        local = division.local_name(row["department_name"])
        found.append(
            {
                "division_key": division.division_key,
                "department_name": division.short_name + local,
                "department_key": department_key_of(division.division_key, local),
                "functions": [one for one in row["functions"].split(LIST_MARK) if one],
                "fiscal_year": int(row["fiscal_year"]),
                "due_on": _day(path, line, row, "due_on"),
                "source": row["source"],
            }
        )
    return found


def delivery_times(directories: Iterable[Path]) -> dict[str, datetime]:
    """When a file was handed in, by its name, where another system's log says so; times without a zone are UTC."""
    times = {}
    for _, _, row in read_rows(directories, DELIVERIES):
        moment = datetime.fromisoformat(row["received_at"])
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


def _day(path: Path, line: int, row: Mapping[str, str], column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise RegisterError(
            f"{path.name} line {line}: {column} must be a date like 2026-03-31, not {row[column]!r}"
        ) from error
