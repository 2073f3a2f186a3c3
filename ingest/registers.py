"""Registers: the divisions there are and their squares on the tile map, who owes a report by when, what reforms made of
departments, and when files were handed in elsewhere.

Each is a table by the name of its subject, as .csv or as .xlsx (`ingest.tables` reads both).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.identify import Directory, Division, department_key_of
from ingest.lines import ABOLISHED, KINDS, SPLIT, TRANSFER, VOID, Change, Lines, check_changes
from ingest.tables import Row, read_table_file
from jiheng.files import canonical_json, sha256_of_bytes

# Columns that a register must have; others may be missing.
DIVISIONS, DUE, DELIVERIES, NAME_FORMS = "divisions", "due_submissions", "deliveries", "name_forms"
CHANGES = "department_changes"
TILES = "tiles"
OFFICERS, ACCOUNTS, RETENTION, BULLETIN = "officers", "accounts", "retention", "bulletin"
NEEDED = {
    DIVISIONS: ("division_key", "name", "aliases", "kind", "fiscal_parent_key", "province_key", "valid_from"),
    DUE: ("division_key", "department_name", "functions", "fiscal_year", "due_on"),
    CHANGES: ("division_key", "old_name", "new_name", "changed_on", "kind", "source"),
    TILES: ("division_key", "tile_row", "tile_column"),
    DELIVERIES: ("source_name", "received_at"),
    NAME_FORMS: ("long", "short"),
    OFFICERS: ("name", "account", "acts", "valid_from", "valid_to"),
    ACCOUNTS: ("account", "role"),
    RETENTION: ("kind", "keep_days"),
    BULLETIN: ("setting", "value"),
}
FORMATS = (".csv", ".xlsx")
LIST_MARK = ";"
# Rows and columns of a tile map. No province has so many divisions in a line; a slip of the pen does not draw a mile.
MOST_TILES = 200
YES = ("是", "yes", "true", "1")


def read_rows(directories: Iterable[Path], name: str) -> list[Row]:
    """Rows of every table of this name below the directories, each with its place.

    Raises `TableError` for one that cannot be used, with file, sheet, row and column.
    """
    found = (path for directory in directories if directory.is_dir() for path in sorted(directory.rglob(f"{name}.*")))
    return [row for path in found if path.suffix.lower() in FORMATS for row in read_table_file(path, NEEDED[name])]


def division_rows(directories: Iterable[Path]) -> list[dict[str, Any]]:
    """Rows of the lake's table `division`, with every name that a report may use as an alias.

    Raises `TableError` for a cell that cannot be used, and for a division with two periods that overlap.
    """
    directories = tuple(directories)
    forms = [(row["long"], row["short"]) for row in read_rows(directories, NAME_FORMS)]
    listed = read_rows(directories, DIVISIONS)
    _check_periods(listed)
    found = []
    for row in listed:
        for column in ("division_key", "name"):
            if not row[column]:
                raise row.error(column, "不能为空，请填写", "it must not be empty")
        aliases = {row["name"], *filter(None, row["aliases"].split(LIST_MARK))}
        aliases |= {alias.replace(long, short) for alias in set(aliases) for long, short in forms}
        found.append(
            {key: value or None for key, value in row.values.items()}
            | {"aliases": sorted(aliases), "valid_from": day_in(row, "valid_from")}
            | {"valid_to": day_in(row, "valid_to") if row["valid_to"] else None}
        )
    return found


def _check_periods(listed: Iterable[Row]) -> None:
    """A division is one thing on any day: a period ends before the next one of its key begins. A later row for the same
    first day takes the place of an earlier one.
    """
    periods: dict[str, dict[date, Row]] = defaultdict(dict)
    for row in listed:
        periods[row["division_key"]][day_in(row, "valid_from")] = row
    for rows in periods.values():
        for (_, earlier), (begins, _) in pairwise(sorted(rows.items())):
            if not earlier["valid_to"] or day_in(earlier, "valid_to") >= begins:
                raise earlier.error(
                    "valid_to",
                    f"应早于 {begins}：同一区划的下一段有效期自那天开始",
                    f"it must be before {begins}, when the division's next period begins",
                )


def due_rows(directories: Iterable[Path], divisions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the lake's table `due_submission`; departments bear their division's short name before their own."""
    known = {division.division_key: division for division in _divisions(divisions)}
    found = []
    for row in read_rows(directories, DUE):
        division = _known_division(row, "division_key", known)
        local = division.local_name(row["department_name"])
        found.append(
            {
                "division_key": division.division_key,
                "department_name": division.short_name + local,
                "department_key": department_key_of(division.division_key, local),
                "functions": [one for one in row["functions"].split(LIST_MARK) if one],
                "fiscal_year": _year(row, "fiscal_year"),
                "due_on": day_in(row, "due_on"),
                "source": row["source"],
            }
        )
    return found


def change_rows(
    directories: Iterable[Path], divisions: Iterable[Mapping[str, Any]], landed: Iterable[Change] = ()
) -> list[dict[str, Any]]:
    """Rows of the lake's table `department_change`; `landed` are those that the lake holds already.

    Raises `TableError` for a change that cannot be, by itself or beside the others.
    """
    known = {division.division_key: division for division in _divisions(divisions)}
    placed = [(row, _change(row, known)) for row in read_rows(directories, CHANGES)]
    check_changes(placed, landed)
    return [change for _, change in placed]


def _change(row: Row, known: Mapping[str, Division]) -> dict[str, Any]:
    """One change; without a new division the department stays in its own."""
    kind = row["kind"]
    if kind not in KINDS:
        raise row.error("kind", f"应为 {'、'.join(KINDS)} 之一", f"it must be one of {', '.join(KINDS)}")
    division = _known_division(row, "division_key", known)
    target = _known_division(row, "new_division_key", known) if row["new_division_key"] else division
    old, new = division.local_name(row["old_name"]), target.local_name(row["new_name"])
    if not old:
        raise row.error("old_name", "不能为空，请填写", "it must not be empty")
    if kind != VOID and bool(new) == (kind == ABOLISHED):
        raise row.error("new_name", "撤销（abolished）时留空，其余须填写", "leave it empty for abolished only")
    if kind == TRANSFER and target == division:
        raise row.error("new_division_key", "划转须填写接收区划的区划键", "a transfer needs the division it goes to")
    if (division, old) == (target, new) and kind not in (SPLIT, VOID):
        raise row.error("new_name", "与原名称相同", "it is the old name")
    return {
        "division_key": division.division_key,
        "old_name": old,
        "old_department_key": department_key_of(division.division_key, old),
        "old_department_name": division.short_name + old,
        "new_division_key": target.division_key if new else None,
        "new_name": new or None,
        "new_department_key": department_key_of(target.division_key, new) if new else None,
        "new_department_name": target.short_name + new if new else None,
        "changed_on": day_in(row, "changed_on"),
        "kind": kind,
        "is_principal": row["is_principal"].lower() in YES,
        "source": row["source"],
    }


def _known_division(row: Row, column: str, known: Mapping[str, Division]) -> Division:
    division = known.get(row[column])
    if division is None:
        raise row.error(column, "应为区划名册中的区划键", "it must be a key of the register of divisions")
    return division


def tile_rows(directories: Iterable[Path], divisions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the lake's table `division_tile`: where each division stands on its province's tile map.

    Raises `TableError` for a division that is not known, and for two of one province in one square.
    """
    divisions = tuple(divisions)
    known = {division.division_key: division for division in _divisions(divisions)}
    provinces = {row["division_key"]: row["province_key"] for row in divisions}
    taken: dict[tuple[str, int, int], str] = {}
    found: dict[str, dict[str, Any]] = {}
    for row in read_rows(directories, TILES):
        key = _known_division(row, "division_key", known).division_key
        cell = _place(row, "tile_row"), _place(row, "tile_column")
        if taken.setdefault((provinces[key], *cell), key) != key:
            raise row.error("tile_column", "这一格已有别的区划", "another division has this square already")
        found[key] = {"division_key": key, "tile_row": cell[0], "tile_column": cell[1]}
    return list(found.values())


def _place(row: Row, column: str) -> int:
    number = row[column]
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= MOST_TILES):
        raise row.error(column, f"应为 1 至 {MOST_TILES} 的整数", f"write a whole number from 1 to {MOST_TILES}")
    return int(number)


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


def directory_of(
    divisions: Iterable[Mapping[str, Any]], due: Iterable[Mapping[str, Any]], lines: Lines | None = None
) -> Directory:
    """What identification needs to know, from rows of the registers in the order they were landed."""
    known, lines = _divisions(divisions), lines or Lines()
    by_key = {division.division_key: division for division in known}
    departments: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in due:
        local = by_key[row["division_key"]].local_name(row["department_name"])
        departments.setdefault(row["division_key"], {})[local] = tuple(row["functions"])
    for row in due:
        # A report may bear any name that its department has had; this makes no register where a division has none.
        for division_key, name in lines.homes_of(row["department_key"]):
            if division_key in departments:
                departments[division_key].setdefault(name, tuple(row["functions"]))
    return Directory(known, departments, lines)


def _divisions(rows: Iterable[Mapping[str, Any]]) -> tuple[Division, ...]:
    """Divisions that have departments of their own: all but provinces. A division bears the name of its last period."""
    periods: dict[str, dict[date, Mapping[str, Any]]] = {}
    for row in rows:
        if row["kind"] != "province":
            periods.setdefault(row["division_key"], {})[row["valid_from"]] = row
    found = []
    for division_key, by_day in periods.items():
        *earlier, last = (by_day[day] for day in sorted(by_day))
        aliases = tuple(last["aliases"])
        former = sorted({alias for row in earlier for alias in row["aliases"]} - set(aliases))
        found.append(Division(division_key, last["name"], last["fiscal_parent_key"] or "", aliases, tuple(former)))
    return tuple(found)


def digest_of(rows: list[dict[str, Any]]) -> str:
    """A hash of a register's rows, to tell whether it has changed."""
    return sha256_of_bytes(canonical_json(rows).encode())


def day_in(row: Row, column: str) -> date:
    """The day that a cell names. Raises `TableError` with the cell's place for anything else."""
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise row.error(column, "日期应写作 2026-03-31", "write a date like 2026-03-31") from error


def _year(row: Row, column: str) -> int:
    if not (row[column].isascii() and row[column].isdigit()):
        raise row.error(column, "年度应写作 2024", "write a year like 2024")
    return int(row[column])
