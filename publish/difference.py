"""What one edition says that the last one did not, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from jiheng.files import write_json
from publish.warehouse import WAREHOUSE_NAME, literal, tables

DIFFERENCE_NAME = "diff.json"
Row = dict[str, Any]
Key = tuple[Any, ...]

# The latest name of each unit; a unit without a start of validity has held its name from the beginning.
NAMES = """
WITH division AS (
  SELECT division_key, arg_max(name, coalesce(valid_from, DATE '0001-01-01')) AS name
  FROM e.main.dim_division GROUP BY ALL
), department AS (
  SELECT department_key, arg_max(name, coalesce(valid_from, DATE '0001-01-01')) AS name
  FROM e.main.dim_department GROUP BY ALL
)
"""
SUBMISSIONS = f"""{NAMES}
SELECT s.submission_id, s.submission_version_id, s.status, s.fiscal_year, s.division_key, s.department_key,
       division.name AS division_name, department.name AS department_name
FROM e.main.dim_submission AS s LEFT JOIN division USING (division_key) LEFT JOIN department USING (department_key)
WHERE s.is_current AND s.status <> 'withdrawn' ORDER BY s.submission_id
"""
VERSIONS = "SELECT submission_version_id, submission_id FROM e.main.dim_submission"
LINES = "SELECT DISTINCT department_key, line_key FROM e.main.dim_department"
DIVISION_RANKS = f"""{NAMES}
SELECT r.method_id, r.province_key, r.fiscal_year, r.league, r.division_key, division.name, r.rank, r.score, r.is_tied
FROM e.main.rank_division AS r LEFT JOIN division USING (division_key) ORDER BY ALL
"""
DEPARTMENT_RANKS = f"""{NAMES}
SELECT r.method_id, r.province_key, r.fiscal_year, r."function", r.department_key, department.name, r.rank, r.score,
       r.is_tied
FROM e.main.rank_department AS r LEFT JOIN department USING (department_key) ORDER BY ALL
"""
DIVISION_CAUSES = """
SELECT method_id, fiscal_year, division_key, cause, points, places, departments FROM e.main.movement_division
JOIN e.main.movement_causes ON cause = code ORDER BY ALL
"""
DEPARTMENT_CAUSES = """
SELECT method_id, fiscal_year, "function", department_key, cause, points, places, own_cause
FROM e.main.movement_department JOIN e.main.movement_causes ON cause = code ORDER BY ALL
"""
RESTATED_FIGURES = f"""{NAMES}
SELECT r.* EXCLUDE (received_at, is_current), division.name AS division_name, department.name AS department_name
FROM e.main.fct_restatement AS r LEFT JOIN division USING (division_key) LEFT JOIN department USING (department_key)
ORDER BY submission_version_id, fact, fact_key
"""
# What is read only where the edition has the tables: those of an older program lack them.
OPTIONAL = {
    "lines": (LINES, "dim_department"),
    "division_causes": (DIVISION_CAUSES, "movement_division"),
    "department_causes": (DEPARTMENT_CAUSES, "movement_department"),
    "restated_figures": (RESTATED_FIGURES, "fct_restatement"),
}
DIVISION_KEY = ("method_id", "province_key", "fiscal_year", "league", "division_key")
DEPARTMENT_KEY = ("method_id", "province_key", "fiscal_year", "function", "department_key")
MEASURED = frozenset({"rank", "score", "is_tied"})


@dataclass(frozen=True)
class _Told:
    """What is compared of an edition: submissions that stand, the submission of every version, and ranks, by key."""

    submissions: dict[str, Row]
    submission_of: dict[str, str]
    divisions: dict[Key, Row]
    departments: dict[Key, Row]
    more: dict[str, list[Row]]


def difference(previous: Path | None, edition: Path) -> dict[str, Any]:
    """Compare an edition with the one before it, write the answer to `diff.json`, and return it.

    `{"unchanged": true}` when submissions, verdicts, ranks and scores are the same. Otherwise: the submissions added,
    withdrawn, restated (a newer version counts) and reassessed (same version, other verdict); each division whose rank
    moved (`from`/`to`, null = unranked) and each division and department whose score changed, with the causes that the
    warehouse found; the figures that newer versions state otherwise; and counts. A renamed department is the same one.
    Without a previous edition everything counts as added, and nothing as restated.
    """
    now = _read(edition)
    before = _read(previous) if previous else _Told({}, {}, {}, {}, {})
    lines = {row["department_key"]: row["line_key"] for row in now.more.get("lines", [])}
    before_departments = _under_todays_names(before.departments, now.departments, lines)
    division_causes = _by_unit(now.more.get("division_causes", []), "division_key")
    department_causes = _by_unit(now.more.get("department_causes", []), "function", "department_key")
    changes = _submissions(before, now) | {
        "restated_figures": [
            row
            for row in now.more.get("restated_figures", [])
            if previous and row["submission_version_id"] not in before.submission_of
        ],
        "score_changes": _changed(before.divisions, now.divisions, "score", division_causes),
        "department_score_changes": _changed(before_departments, now.departments, "score", department_causes),
    }
    moved = _changed(before.divisions, now.divisions, "rank", division_causes)
    counts = {name: len(rows) for name, rows in changes.items()}
    counts |= {
        "ranks_moved": len(moved),
        "department_ranks_moved": len(_changed(before_departments, now.departments, "rank", department_causes)),
        "scores_changed": counts.pop("score_changes"),
        "department_scores_changed": counts.pop("department_score_changes"),
    }
    if previous and not any(counts.values()):
        result: dict[str, Any] = {"unchanged": True}
    else:
        # Beside a first edition every score is new; a list of all of them would tell nothing.
        told = changes if previous else {name: rows for name, rows in changes.items() if "score" not in name}
        result = {"unchanged": False, "first": previous is None, "counts": counts, "ranks_moved": moved, **told}
    write_json(edition / DIFFERENCE_NAME, result)
    return result


def _read(edition: Path) -> _Told:
    con = duckdb.connect()
    try:
        con.execute(f"ATTACH {literal(str(edition / WAREHOUSE_NAME))} AS e (READ_ONLY)")
        present = set(tables(con, "e"))
        divisions = _rows(con, DIVISION_RANKS) if "rank_division" in present else []
        departments = _rows(con, DEPARTMENT_RANKS) if "rank_department" in present else []
        return _Told(
            submissions={row["submission_id"]: row for row in _rows(con, SUBMISSIONS)},
            submission_of={row["submission_version_id"]: row["submission_id"] for row in _rows(con, VERSIONS)},
            divisions={tuple(row[name] for name in DIVISION_KEY): row for row in divisions},
            departments={tuple(row[name] for name in DEPARTMENT_KEY): row for row in departments},
            more={name: _rows(con, query) for name, (query, table) in OPTIONAL.items() if table in present},
        )
    finally:
        con.close()


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _under_todays_names(before: Mapping[Key, Row], now: Mapping[Key, Row], lines: Mapping[str, str]) -> dict[Key, Row]:
    """Departments of then under the names of now: where one name of a line is gone and one is new, it is the same."""

    def line(key: Key) -> Key:
        return (*key[:-1], lines.get(key[-1], key[-1]))

    gone, new = _grouped(before.keys() - now.keys(), line), _grouped(now.keys() - before.keys(), line)
    names = {keys[0]: new[name][0] for name, keys in gone.items() if len(keys) == 1 and len(new.get(name, ())) == 1}
    return {names.get(key, key): row for key, row in before.items()}


def _grouped(keys: Iterable[Key], name: Callable[[Key], Key]) -> dict[Key, list[Key]]:
    groups: defaultdict[Key, list[Key]] = defaultdict(list)
    for key in keys:
        groups[name(key)].append(key)
    return groups


def _submissions(before: _Told, now: _Told) -> dict[str, list[Row]]:
    old, new = _under_todays_ids(before.submissions, now.submission_of), now.submissions
    pairs = [(old[key], new[key]) for key in sorted(old.keys() & new.keys())]
    return {
        "added": [new[key] for key in sorted(new.keys() - old.keys())],
        "withdrawn": [old[key] for key in sorted(old.keys() - new.keys())],
        "restated": [
            is_now | {"replaces": was["submission_version_id"]}
            for was, is_now in pairs
            if was["submission_version_id"] != is_now["submission_version_id"]
        ],
        "reassessed": [
            is_now | {"status_before": was["status"]}
            for was, is_now in pairs
            if was["submission_version_id"] == is_now["submission_version_id"] and was["status"] != is_now["status"]
        ],
    }


def _under_todays_ids(before: Mapping[str, Row], submission_of: Mapping[str, str]) -> dict[str, Row]:
    """Submissions of then under the ids that their versions have now: those that came under several names of one
    department are one since the reform was registered, and the one that kept its id stands for them.
    """
    ids = {key: submission_of.get(row["submission_version_id"], key) for key, row in before.items()}
    kept = {key: before[key] for key, name in ids.items() if name == key}
    return {name: before[key] for key, name in ids.items()} | kept


def _by_unit(causes: Iterable[Row], *unit: str) -> dict[Key, list[Row]]:
    """The causes of each unit's movement, by method, year and unit, without what names the unit."""
    names = ("method_id", "fiscal_year", *unit)
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in causes:
        groups[tuple(row[name] for name in names)].append({k: v for k, v in row.items() if k not in names})
    return groups


def _causes_of(key: Key, causes: Mapping[Key, list[Row]]) -> list[Row]:
    """The causes for a key of ranks: method, province, year, league or function, unit."""
    method, _, year, group, unit = key
    return causes.get((method, year, unit)) or causes.get((method, year, group, unit)) or []


def _changed(
    before: Mapping[Key, Row], now: Mapping[Key, Row], measure: str, causes: Mapping[Key, list[Row]]
) -> list[Row]:
    """Units whose measure differs: `from`, `to`, and why."""
    changed = []
    for key in sorted(before.keys() | now.keys(), key=str):
        old, new = before.get(key, {}), now.get(key, {})
        if old.get(measure) != new.get(measure):
            unit = {name: value for name, value in (new or old).items() if name not in MEASURED}
            ends = {"from": old.get(measure), "to": new.get(measure)}
            changed.append(unit | ends | {"causes": _causes_of(key, causes)})
    return changed
