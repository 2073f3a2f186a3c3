"""The page of corrections: this edition's own in full, those of earlier editions counted, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from publish import labels
from publish.data import Edition, Row, corrections

KINDS = labels.codes("correction")
MOST_LISTED, MOST_SHOWN = 30, 300


def page(edition: Edition) -> Row:
    """What the page shows: grave entries of all editions, own entries by kind, and a line for each earlier edition."""
    found = corrections(edition.path)
    own = [row for row in found if row["edition_id"] == edition.about.edition_id]
    return {
        "edition": edition,
        "most_listed": MOST_LISTED,
        "most_shown": MOST_SHOWN,
        "total": len(found),
        "grave": [row for row in found if _is_grave(row)][::-1],
        "kinds": [
            {"kind": kind, "rows": rows}
            for kind in KINDS
            if (rows := [row for row in own if row["kind"] == kind and not _is_grave(row)])
        ],
        "earlier": _earlier(row for row in found if row["edition_id"] != edition.about.edition_id),
    }


def _is_grave(row: Row) -> bool:
    """What befell a whole edition or a whole year is rare: the page names each of them, whatever its edition."""
    return row["division_key"] is None and row["department_key"] is None


def _earlier(found: Iterable[Row]) -> list[dict[str, Any]]:
    """Earlier editions with how many entries of each kind they have, newest first."""
    counts: dict[str, Counter[str]] = {}
    days: dict[str, str] = {}
    for row in found:
        counts.setdefault(row["edition_id"], Counter())[row["kind"]] += 1
        if row["kind"] != "taken_back":
            days.setdefault(row["edition_id"], row["date"])
    return [
        {"edition_id": name, "date": days.get(name, ""), "counts": [(kind, had[kind]) for kind in KINDS if had[kind]]}
        for name, had in reversed(counts.items())
    ]
