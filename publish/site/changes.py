"""What changed since the last edition: who moved and why, what reports came, went, or say otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from publish.data import Edition, Row
from publish.site.book import Book

# A list longer than this is folded; one longer than that is cut, and diff.json has it whole.
MOST_LISTED, MOST_SHOWN = 30, 300
# How submissions changed, in the order of the page.
SUBMISSIONS = ("added", "restated", "withdrawn", "reassessed")


def page(book: Book) -> Row:
    """The page of changes. A first edition and one without changes have no lists."""
    told = book.edition.difference
    state = "first" if told.get("first") else "unchanged" if told.get("unchanged", not told) else "changed"
    context: Row = {
        "edition": book.edition,
        "state": state,
        "most_listed": MOST_LISTED,
        "most_shown": MOST_SHOWN,
        "pages": _pages(book),
    }
    if state != "changed":
        return context
    divisions = divisions_moved(book)
    versions = {row["submission_version_id"]: row for row in book.edition.submissions}
    return context | {
        "counts": told["counts"],
        "ranks": [row for row in divisions if row["rank_before"] != row["rank_now"]],
        "scores": [row for row in divisions if row["rank_before"] == row["rank_now"]],
        "departments": departments_moved(book),
        "figures": [
            row | {"version": versions.get(row["submission_version_id"], {})}
            for row in told.get("restated_figures", [])
        ],
        "submissions": [
            {"change": change, "rows": [_submission(book.edition, row) for row in told[change]]}
            for change in SUBMISSIONS
            if told[change]
        ],
    }


def _pages(book: Book) -> set[str]:
    """Keys of the units that have a page to lead to; a unit of the last edition may have none any more."""
    return {*book.division_keys, *(name for key in book.division_keys for name in book.departments_of(key))}


def divisions_moved(book: Book) -> list[Row]:
    """Divisions whose rank or score changed under the shown method, with the causes; the longest ways first."""
    moved = {(key, year): book.movements.of_division(key, year) for key, year in book.movements.divisions()}
    # An edition made by an older program names those that moved, and not why.
    for row in (*book.edition.difference.get("ranks_moved", ()), *book.edition.difference.get("score_changes", ())):
        if row["method_id"] == book.edition.method_id:
            moved.setdefault((row["division_key"], row["fiscal_year"]), None)
    rows = [_division(book, key, year, movement) for (key, year), movement in moved.items()]
    return sorted(rows, key=_place)


def _place(row: Row) -> tuple[Any, ...]:
    places = row["places"]
    return -row["fiscal_year"], places is None, -abs(places or 0), row["league"] or "", row["key"]


def _division(book: Book, key: str, year: int, movement: Row | None) -> Row:
    rank = next((row for row in book.ranks.get(key, []) if row["fiscal_year"] == year), None)
    found = movement or _from_difference(book.edition, key, year, rank or {})
    before, now = found["rank_before"], found["rank_now"]
    causes = found["causes"]
    low, high = (rank["rank_low"], rank["rank_high"]) if rank else (None, None)
    return {
        "key": key,
        "name": book.edition.division_name(key),
        "fiscal_year": year,
        "league": rank["league"] if rank else None,
        "is_provisional": bool(rank and rank["is_provisional"]),
        **{name: found[name] for name in ("rank_before", "rank_now", "score_before", "score_now", "is_split")},
        "places": None if before is None or now is None else before - now,
        "causes": causes,
        "others": found.get("others", []),
        # Nothing of its own changed: it was passed by others or let them by.
        "only_others": bool(causes) and all(cause["code"] == "peers" for cause in causes),
        "interval": (low, high),
        # The rank of then is among those that chance alone could give it now: no difference to speak of.
        "within": before != now and None not in (before, low, high) and low <= before <= high,
        "unranked_reason": (rank["unranked_reason"] or "none") if rank and now is None else None,
        "is_tied": bool(rank and rank["is_tied"]),
        "indistinct": len((rank and rank.get("indistinct_from")) or ()),
    }


def _from_difference(edition: Edition, key: str, year: int, rank: Row) -> Row:
    """The movement as the difference alone tells it: what it does not name is as it was."""
    found: Row = {f"{name}_{end}": rank.get(name) for name in ("rank", "score") for end in ("before", "now")}
    for name, measure in (("ranks_moved", "rank"), ("score_changes", "score")):
        for row in edition.difference.get(name, ()):
            if (row["method_id"], row["division_key"], row["fiscal_year"]) == (edition.method_id, key, year):
                found |= {f"{measure}_before": _exact(row["from"]), f"{measure}_now": _exact(row["to"])}
    return found | {"causes": [], "is_split": False}


def _exact(value: Any) -> Any:
    """JSON has scores as text."""
    return Decimal(value) if isinstance(value, str) else value


def departments_moved(book: Book) -> list[Row]:
    """Departments whose own score or standing changed, once a year whatever their functions; the others only moved."""
    rows: dict[tuple[str, int], Row] = {}
    for key, year, function in book.movements.departments():
        found = book.movements.of_department(key, year, function)
        why = found and _own_cause(found)
        if found and why:
            rows.setdefault(
                (key, year),
                {
                    "key": key,
                    "name": book.edition.department_name(key),
                    "division_key": (book.edition.departments.get(key) or {}).get("division_key"),
                    "fiscal_year": year,
                    **{name: found[name] for name in ("score_before", "score_now")},
                    "why": why,
                },
            )
    return sorted(rows.values(), key=lambda row: (-row["fiscal_year"], row["division_key"] or "", row["key"]))


def _own_cause(movement: Row) -> Row | None:
    """The cause of a department's movement that is not its peers': what became of its report, or the method."""
    causes = {cause["code"]: cause for cause in movement["causes"] if cause["code"] != "peers"}
    own = movement["own"]
    return causes.get(own["code"], own) if own else next(iter(causes.values()), None)


def _submission(edition: Edition, row: Row) -> Row:
    """A submission with names as they are today, where they are known."""
    return row | {
        "division_name": row["division_name"] or edition.division_name(row["division_key"]),
        "department_name": row["department_name"] or edition.department_name(row["department_key"]),
    }
