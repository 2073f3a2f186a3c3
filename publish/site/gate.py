"""The gate's page: what it decided, what people should know of, and every expectation by its subject."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]
WORST_FIRST = {"hold": 0, "waived": 1, "notice": 2, "info": 3, "pass": 4}


def gate_page(results: Iterable[Row], acts: Iterable[Row]) -> Row:
    """Results in words: those that failed, the worst first, then every suite with how many passed."""
    exceptions = {act["act_id"]: act for act in acts if act.get("kind") == "gate_waiver"}
    rows = [_told(row, exceptions) for row in results]
    rows.sort(key=lambda row: (WORST_FIRST.get(row["decision"], 0), row["expectation_id"]))
    counts = {word: sum(row["decision"] == word for row in rows) for word in WORST_FIRST}
    return {"results": rows, "noted": [row for row in rows if row["failed"]], "counts": counts, "suites": _suites(rows)}


def _told(row: Row, exceptions: dict[str, Row]) -> Row:
    """A result with its reason in both languages and the exceptions that let it through; older editions lack both."""
    reason_zh, _, reason_en = (row.get("reason") or "").partition(" · ")
    waivers = [exceptions.get(name, {"act_id": name}) for name in (row.get("waiver_id") or "").split()]
    return {**row, "reason_zh": reason_zh, "reason_en": reason_en, "waivers": waivers}


def _suites(rows: list[Row]) -> list[Row]:
    names = sorted({row.get("suite") or "" for row in rows})
    grouped = {name: [row for row in rows if (row.get("suite") or "") == name] for name in names}
    return [
        {
            "name_zh": mine[0].get("suite_zh") or name,
            "name_en": name.replace("_", " ").capitalize(),
            "rows": mine,
            "noted": sum(bool(row["failed"]) for row in mine),
        }
        for name, mine in grouped.items()
    ]
