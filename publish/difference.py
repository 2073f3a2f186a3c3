"""What one edition says that the last one did not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from jiheng.files import write_json
from publish.warehouse import WAREHOUSE_NAME, literal, tables

DIFFERENCE_NAME = "diff.json"
Row = dict[str, Any]

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
WHERE s.is_current ORDER BY s.submission_id
"""
DIVISION_RANKS = f"""{NAMES}
SELECT r.method_id, r.province_key, r.fiscal_year, r.league, r.division_key, division.name, r.rank, r.score, r.is_tied
FROM e.main.rank_division AS r LEFT JOIN division USING (division_key) ORDER BY ALL
"""
DEPARTMENT_RANKS = """
SELECT r.method_id, r.province_key, r.fiscal_year, r."function", r.department_key, r.rank, r.score, r.is_tied
FROM e.main.rank_department AS r ORDER BY ALL
"""
DIVISION_KEY = ("method_id", "province_key", "fiscal_year", "league", "division_key")
DEPARTMENT_KEY = ("method_id", "province_key", "fiscal_year", "function", "department_key")


def difference(previous: Path | None, edition: Path) -> dict[str, Any]:
    """Compare an edition with the one before it, write the answer to `diff.json`, and return it.

    `{"unchanged": true}` when submissions, verdicts, ranks and scores are the same; otherwise the submissions added,
    withdrawn, restated (a newer version counts) and reassessed (same version, other verdict), each division whose rank
    moved (`from`/`to`, null = unranked), and counts. Without a previous edition everything counts as added.
    """
    now = _read(edition)
    before = _read(previous) if previous else {"submissions": {}, "divisions": {}, "departments": {}}
    changes = _submissions(before["submissions"], now["submissions"])
    moved = _moves(before["divisions"], now["divisions"])
    departments = _moves(before["departments"], now["departments"])
    scores = _scores_changed(before["divisions"], now["divisions"])
    counts = {name: len(rows) for name, rows in changes.items()} | {
        "ranks_moved": len(moved),
        "department_ranks_moved": len(departments),
        "scores_changed": scores,
        "department_scores_changed": _scores_changed(before["departments"], now["departments"]),
    }
    if previous and not any(counts.values()):
        result: dict[str, Any] = {"unchanged": True}
    else:
        result = {"unchanged": False, "first": previous is None, "counts": counts, "ranks_moved": moved, **changes}
    write_json(edition / DIFFERENCE_NAME, result)
    return result


def _read(edition: Path) -> dict[str, dict[Any, Row]]:
    con = duckdb.connect()
    try:
        con.execute(f"ATTACH {literal(str(edition / WAREHOUSE_NAME))} AS e (READ_ONLY)")
        present = set(tables(con, "e"))
        divisions = _rows(con, DIVISION_RANKS) if "rank_division" in present else []
        departments = _rows(con, DEPARTMENT_RANKS) if "rank_department" in present else []
        return {
            "submissions": {row["submission_id"]: row for row in _rows(con, SUBMISSIONS)},
            "divisions": {tuple(row[name] for name in DIVISION_KEY): row for row in divisions},
            "departments": {tuple(row[name] for name in DEPARTMENT_KEY): row for row in departments},
        }
    finally:
        con.close()


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _submissions(before: Mapping[str, Row], now: Mapping[str, Row]) -> dict[str, list[Row]]:
    both = sorted(before.keys() & now.keys())
    restated = [key for key in both if before[key]["submission_version_id"] != now[key]["submission_version_id"]]
    reassessed = [key for key in both if key not in set(restated) and before[key]["status"] != now[key]["status"]]
    return {
        "added": [now[key] for key in sorted(now.keys() - before.keys())],
        "withdrawn": [before[key] for key in sorted(before.keys() - now.keys())],
        "restated": [now[key] | {"replaces": before[key]["submission_version_id"]} for key in restated],
        "reassessed": [now[key] | {"status_before": before[key]["status"]} for key in reassessed],
    }


def _moves(before: Mapping[Any, Row], now: Mapping[Any, Row]) -> list[Row]:
    moves = []
    for key in sorted(before.keys() | now.keys(), key=str):
        old, new = before.get(key, {}), now.get(key, {})
        if old.get("rank") != new.get("rank"):
            unit = {name: value for name, value in (new or old).items() if name not in {"rank", "score", "is_tied"}}
            moves.append(unit | {"from": old.get("rank"), "to": new.get("rank")})
    return moves


def _scores_changed(before: Mapping[Any, Row], now: Mapping[Any, Row]) -> int:
    keys = before.keys() | now.keys()
    return sum(before.get(key, {}).get("score") != now.get(key, {}).get("score") for key in keys)
