"""Writes every page of an edition's site from the edition's own tables."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from jiheng.files import write_bytes
from publish import data, dictionary, format
from publish.site import bundles, changes, corrections, downloads, filing, inflation, tiles, views
from publish.site.writer import Writer

SITE = "site"
ASSETS = ("style.css", "online.css", "theme.js", "site.js")
# Divisions whose facts are in memory together: enough to make queries few, little enough for a small machine.
DIVISIONS_A_BATCH = 20


def render(edition: Path) -> int:
    """Write `site/` of an edition: its general pages, and a page for each division and department.

    Reads `warehouse.duckdb`, and `about.json` for the edition's facts. Returns the number of pages written. The same
    edition gives the same bytes. Raises duckdb.Error when the warehouse cannot be read.
    """
    loaded = data.load(edition)
    writer = Writer(edition / SITE, loaded, views.strip(loaded))
    for name in ASSETS:
        write_bytes(edition / SITE / name, resources.files("publish.site").joinpath("assets", name).read_bytes())
    book = views.Book(loaded)
    changed = changes.page(book)
    writer.page("index.html", "index.html", views.index(loaded) | {"ranks_moved": len(changed.get("ranks", ()))})
    writer.page("map.html", "map.html", tiles.page(loaded, views.sections(loaded)))
    writer.page("changes.html", "changes.html", changed)
    writer.page("corrections.html", "corrections.html", corrections.page(loaded))
    writer.page("filing.html", "filing.html", filing.page(loaded))
    writer.page("inflation.html", "inflation.html", inflation.page(loaded))
    writer.page("gate.html", "gate.html", views.gate(loaded))
    writer.page("method.html", "method.html", views.method(loaded))
    writer.page("dictionary.html", "dictionary.html", dictionary.page(edition, loaded.row_counts))
    _units(edition, book, writer)
    _bundle(edition, loaded, writer)
    return writer.written


def _bundle(edition: Path, loaded: data.Edition, writer: Writer) -> None:
    """The page of downloads goes into the zips and says how large they are: it is written before and after them."""
    for made in (False, True):
        writer.page("downloads.html", "downloads.html", downloads.page(edition, loaded.row_counts))
        if not made:
            bundles.write(edition, loaded.about.edition_id)


def _units(edition: Path, book: views.Book, writer: Writer) -> None:
    with data.reader(edition) as reader:
        for start in range(0, len(book.division_keys), DIVISIONS_A_BATCH):
            keys = book.division_keys[start : start + DIVISIONS_A_BATCH]
            batch = reader.batch(keys)
            for key in keys:
                writer.page("division.html", format.page("division", key), views.division(book, batch, key))
                for department in book.departments_of(key):
                    target = format.page("department", department)
                    writer.page("department.html", target, views.department(book, batch, department))
