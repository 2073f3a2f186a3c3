"""A division's page: per fiscal year its rank, part scores, coverage, departments and what is to be resolved."""

from __future__ import annotations

from typing import Any

from publish.data import PARTS, Glance, Row
from publish.site import filing, trends, views
from publish.site.book import Book

# From more findings than this a division's page folds them by department.
MOST_UNFOLDED = 10
SEVERITIES = ("P0", "P1", "P2")


def page(book: Book, glance: Glance, key: str) -> Row:
    """What the page of a division shows."""
    departments = book.departments_of(key)
    by_year = {row["fiscal_year"]: row for row in book.ranks.get(key, [])}
    years = sorted({*by_year, *book.years_of(departments)}, reverse=True)
    row = book.edition.divisions.get(key, {})
    over_years = book.trends.by_year(key)
    return {
        "key": key,
        "name": book.edition.division_name(key),
        "row": row,
        "city": views.city(row),
        "years": [_year(book, glance, key, year, by_year.get(year)) for year in years],
        "weights": book.edition.weights(),
        "part_codes": PARTS,
        "departments": departments,
        "over_years": over_years,
        "over_years_chart": trends.chart(over_years),
    }


def _year(book: Book, glance: Glance, key: str, year: int, rank: Row | None) -> Row:
    movement = book.movements.of_division(key, year)
    if rank and movement and movement["method_before"] != rank["method_id"]:
        # Readers saw the rank under the method of then.
        rank = rank | {"previous_rank": movement["rank_before"]}
    lines = [_department(book, glance, name, year) for name in book.departments_in(key, year)]
    steps = book.trends.of(key, year)
    counted = book.filing_divisions.get((key, year))
    return {
        "fiscal_year": year,
        "rank": rank,
        "peers": book.league_sizes[rank["province_key"], year, rank["league"]] if rank else 0,
        "movement": movement,
        "bars": book.peers.of(key, year),
        "editions": steps,
        "editions_chart": trends.chart(steps),
        "scopes": book.standings.scopes(key, year),
        "improvement": book.standings.improvement(key, year),
        "filing": filing.totals([counted]) if counted else None,
        "departments": lines,
        "is_folded": sum(len(line["findings"]) for line in lines) > MOST_UNFOLDED,
    }


def _department(book: Book, glance: Glance, key: str, year: int) -> Row:
    version = book.current_version(key, year)
    version_id = version["submission_version_id"] if version else None
    rank = next((row for row in book.department_ranks.get(key, []) if row["fiscal_year"] == year), None)
    filed = book.filing_of(key, year)
    counts = glance.open_counts.get(version_id, {}) if version_id else {}
    return {
        "key": key,
        "name": book.edition.department_name(key),
        "version": version,
        "status": filed["state"] if filed else "none_known",
        "filing": filed,
        "rank": rank,
        "total": glance.totals.get(version_id) if version_id else None,
        "counts": {severity: counts.get(severity, 0) for severity in SEVERITIES},
        "findings": _causes_first(glance.to_resolve.get(version_id, []) if version_id else []),
    }


def _causes_first(found: list[Row]) -> list[Row]:
    """What stands for itself before what another finding has caused, the gravest first."""

    def place(row: Row) -> tuple[Any, ...]:
        return row["severity"], row["explained_by"] is not None, row["rule_id"], row["finding_id"]

    return sorted(found, key=place)
