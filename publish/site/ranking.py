"""The ranking pages: one a fiscal year, and the index, which shows the newest year of each province."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from statistics import median
from typing import Any

from publish.data import Row
from publish.site import changes, views
from publish.site.book import Book
from publish.site.names import searched
from publish.site.tiles import tile_map
from publish.site.trends import Trends, sparkline

# Divisions that moved furthest up and down, so many each; the page of changes has all.
MOVERS = 5
NARROWEST_SCOPE = "province"


def years(book: Book) -> list[int]:
    """Fiscal years with a ranking, newest first."""
    return sorted({row["fiscal_year"] for row in views.shown_ranks(book.edition)}, reverse=True)


def page(book: Book, trends: Trends, year: int | None = None) -> Row:
    """The ranking of a year; without one, of the newest year of each province."""
    every = views.sections(book.edition)
    newest: dict[Any, int] = {}
    for part in every:
        newest.setdefault(part["province_key"], part["fiscal_year"])
    shown = [part for part in every if part["fiscal_year"] == (year or newest[part["province_key"]])]
    moved = changes.divisions_moved(book)
    return {
        "year": year,
        "shown_years": {part["fiscal_year"] for part in shown},
        "years": years(book),
        "parts": shown,
        "sections": [_section(book, trends, part, moved) for part in shown],
        "told": book.edition.difference,
    }


def _section(book: Book, trends: Trends, part: Row, moved: Iterable[Row]) -> Row:
    ranked = [_ranked(book, trends, row) for league in part["leagues"] for row in league["rows"]]
    ranked.sort(key=_place)
    listed = {row["division_key"] for row in ranked}
    mine = [
        row for row in moved if row["fiscal_year"] == part["fiscal_year"] and row["key"] in listed and row["places"]
    ]
    rows = [*ranked, *part["unranked"]]
    return {
        "map": tile_map(book.edition, part),
        "province_key": part["province_key"],
        "fiscal_year": part["fiscal_year"],
        "rows": ranked,
        "unranked": [row | _known(book, row["division_key"]) for row in part["unranked"]],
        "leagues": [(league["code"], len(league["rows"])) for league in part["leagues"]],
        "regions": sorted({row["region"] for row in ranked if row["region"]}),
        "coverage": part["coverage"],
        "provisional": sum(bool(row["is_provisional"]) for row in ranked),
        "without_register": sum(row["due"] is None for row in rows),
        "median": _median(row["score"] for row in ranked),
        "up": sorted((row for row in mine if row["places"] > 0), key=_furthest)[:MOVERS],
        "down": sorted((row for row in mine if row["places"] < 0), key=_furthest)[:MOVERS],
        "moved": len(mine),
    }


def _furthest(row: Row) -> tuple[int, str]:
    return -abs(row["places"]), row["key"]


def _place(row: Row) -> tuple[Any, ...]:
    """By rank in the province where there is one: within a league that is the order of the league's ranks too."""
    scope = row["in_province"]
    return (
        scope is None,
        scope["rank"] if scope else 0,
        views.league_place(row["league"]),
        row["rank"],
        row["division_key"],
    )


def _ranked(book: Book, trends: Trends, row: Row) -> Row:
    scopes = book.standings.scopes(row["division_key"], row["fiscal_year"])
    return (
        row
        | _known(book, row["division_key"])
        | {
            "units": book.league_sizes[row["province_key"], row["fiscal_year"], row["league"]],
            "in_province": next((scope for scope in scopes if scope["scope"] == NARROWEST_SCOPE), None),
            "trend": sparkline(trends.of(row["division_key"], row["fiscal_year"])),
        }
    )


def _known(book: Book, key: str) -> Row:
    """What the register says of a division, and all that it is found by: name, pinyin, initials, city, code."""
    row = book.edition.divisions.get(key, {})
    name, city = book.edition.division_name(key), views.city(row)
    found_by = (name, searched(name), city and book.edition.division_name(city), row.get("gb_code") or key)
    return {"region": row.get("region_group"), "city": city, "found_by": " ".join(word for word in found_by if word)}


def _median(scores: Iterable[Decimal]) -> Decimal | None:
    found = sorted(scores)
    return median(found) if found else None
