"""What each page shows, as plain values: chosen and ordered here, worded and laid out by the templates."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from publish import labels
from publish.data import Edition, Row
from publish.method import describe
from publish.site.gate import gate_page

LEAGUE_ORDER = labels.codes("league")
COVERAGE = ("due", "received", "accepted", "assessable")


def strip(edition: Edition) -> Row:
    """The trust strip: what the figures on this page are worth."""
    shown = shown_ranks(edition)
    current = [row for row in edition.submissions if row["is_current"] and row["status"] != "withdrawn"]
    held = sum(row["decision"] == "hold" for row in edition.gate)
    noticed = sum(row["decision"] in ("notice", "waived") for row in edition.gate)
    return {
        "method_id": edition.method_id,
        "checks": len(edition.gate),
        "held": held,
        "noticed": noticed,
        "divisions": len({row["division_key"] for row in shown}),
        "submissions": len(current),
        "returned": sum(row["status"] == "returned" for row in current),
    }


def shown_ranks(edition: Edition) -> list[Row]:
    """Division ranks of the shown method."""
    return [row for row in edition.division_ranks if row["method_id"] == edition.method_id]


def sections(edition: Edition) -> list[Row]:
    """One section per province and fiscal year, newest year first, each with its leagues and its unranked units."""

    def key(row: Row) -> tuple[int, str]:
        return -row["fiscal_year"], row["province_key"] or ""

    ordered = sorted(shown_ranks(edition), key=key)
    return [_section(edition, list(found)) for _, found in groupby(ordered, key=key)]


def _section(edition: Edition, found: list[Row]) -> Row:
    ranked = [row for row in found if row["is_ranked"]]
    leagues = [
        {"code": code, "rows": sorted((row for row in ranked if row["league"] == code), key=_by_rank)}
        for code in sorted({row["league"] for row in ranked}, key=league_place)
    ]
    return {
        "province_key": found[0]["province_key"],
        "province": edition.division_name(found[0]["province_key"]),
        "fiscal_year": found[0]["fiscal_year"],
        "leagues": leagues,
        "unranked": sorted((row for row in found if not row["is_ranked"]), key=lambda row: row["division_key"]),
        "coverage": coverage(found),
        "provisional": any(row["is_provisional"] for row in found),
    }


def _by_rank(row: Row) -> tuple[int, str]:
    return row["rank"], row["division_key"]


def city(division: Row) -> str | None:
    """Key of the city that a division lies in; None where the register has none, or it lies in the province alone."""
    parent: str | None = division.get("map_parent_key")
    return parent if parent != division.get("province_key") else None


def league_place(code: str | None) -> int:
    """Where a league stands among the leagues; one without a name of its own comes last."""
    return LEAGUE_ORDER.index(code) if code in LEAGUE_ORDER else len(LEAGUE_ORDER)


def coverage(found: Iterable[Row]) -> dict[str, int | None]:
    """Sums over units; a sum is unknown (None) as soon as one unit's count is."""
    listed = list(found)
    sums: dict[str, int | None] = {}
    for name in COVERAGE:
        counts = [row[name] for row in listed]
        sums[name] = None if None in counts else sum(counts)
    return sums


def gate(edition: Edition) -> Row:
    """What the gate said of every expectation."""
    return gate_page(edition.gate, edition.acts)


def method(edition: Edition) -> Row:
    """Every method that the edition computes, in words; the one that the pages show comes first."""
    described = {row["method_id"] for row in edition.method_tables["ranking_methods"]}
    computed = described & ({row["method_id"] for row in edition.division_ranks} | set(edition.about.method_ids))
    ordered = sorted(computed, key=lambda name: (name != edition.method_id, name))
    return {"shown": edition.method_id, "methods": [describe(edition.method_tables, name) for name in ordered]}
