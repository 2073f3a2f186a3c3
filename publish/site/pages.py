"""Writes every page of an edition's site from the edition's own tables."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from jiheng.files import write_bytes, write_text
from publish import data, dictionary
from publish.site import (
    bundles,
    changes,
    compare,
    corrections,
    downloads,
    filing,
    inflation,
    ranking,
    sql,
    tiles,
    views,
)
from publish.site.book import Book
from publish.site.reuse import kept_from
from publish.site.trends import Trends
from publish.site.units import write_units
from publish.site.writer import Writer

SITE = "site"
ASSETS = (
    "style.css",
    "online.css",
    "theme.js",
    "site.js",
    "sql.js",
    "charts.min.js",
    "charts.LICENSE.txt",
    "compare.js",
)


def render(edition: Path, previous: Path | None = None) -> int:
    """Write `site/` of an edition: its general pages, and a page for each division and department, in both languages.

    Reads `warehouse.duckdb`, and `about.json` for the edition's facts. What `previous`, the edition before it, says in
    the same words is copied from there. Returns the number of pages. The same edition gives the same bytes.
    Raises duckdb.Error when the warehouse cannot be read.
    """
    loaded = data.load(edition)
    for name in ASSETS:
        write_bytes(edition / SITE / name, resources.files("publish.site").joinpath("assets", name).read_bytes())
    writer, book = Writer(edition / SITE, loaded), Book(loaded)
    _general(edition, book, writer)
    write_units(edition, book, writer, kept_from(previous, edition, loaded.about, SITE))
    _bundle(edition, loaded, writer)
    return sum(1 for _ in (edition / SITE).rglob("*.html"))


def _general(edition: Path, book: Book, writer: Writer) -> None:
    loaded = book.edition
    trends = Trends(loaded)
    writer.page("index.html", "index.html", ranking.page(book, trends))
    for year in ranking.years(book):
        writer.page("index.html", f"ranking-{year}.html", ranking.page(book, trends, year))
    writer.page("compare.html", "compare.html", compare.page(book))
    write_text(edition / SITE / compare.SCRIPT, compare.script(book, trends))
    writer.page("map.html", "map.html", tiles.page(loaded, views.sections(loaded)))
    writer.page("changes.html", "changes.html", changes.page(book))
    writer.page("corrections.html", "corrections.html", corrections.page(loaded))
    writer.page("filing.html", "filing.html", filing.page(loaded))
    writer.page("inflation.html", "inflation.html", inflation.page(loaded))
    writer.page("gate.html", "gate.html", views.gate(loaded))
    writer.page("method.html", "method.html", views.method(loaded))
    writer.page("sql.html", "sql.html", sql.page(edition))
    writer.page("dictionary.html", "dictionary.html", dictionary.page(edition, loaded.row_counts))


def _bundle(edition: Path, loaded: data.Edition, writer: Writer) -> None:
    """The page of downloads goes into the zips and says how large they are: it is written before and after them."""
    for name in bundles.names():
        (edition / name).unlink(missing_ok=True)
    for made in (False, True):
        writer.page("downloads.html", "downloads.html", downloads.page(edition, loaded.row_counts))
        if not made:
            bundles.write(edition, loaded.about.edition_id)
