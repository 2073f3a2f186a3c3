"""Writes every page of an edition's site from the edition's own tables."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from jiheng.files import write_bytes, write_text
from publish import data, dictionary, format, labels
from publish.site import changes, corrections, filing, inflation, views

SITE = "site"
ASSETS = ("style.css", "site.js")
# Divisions whose facts are in memory together: enough to make queries few, little enough for a small machine.
DIVISIONS_A_BATCH = 20


def render(edition: Path) -> int:
    """Write `site/` of an edition: its general pages, and a page for each division and department.

    Reads `warehouse.duckdb`, and `about.json` for the edition's facts. Returns the number of pages written. The same
    edition gives the same bytes. Raises duckdb.Error when the warehouse cannot be read.
    """
    loaded = data.load(edition)
    writer = _Writer(edition / SITE, loaded)
    for name in ASSETS:
        write_bytes(edition / SITE / name, resources.files("publish.site").joinpath("assets", name).read_bytes())
    book = views.Book(loaded)
    changed = changes.page(book)
    writer.page("index.html", "index.html", views.index(loaded) | {"ranks_moved": len(changed.get("ranks", ()))})
    writer.page("changes.html", "changes.html", changed)
    writer.page("corrections.html", "corrections.html", corrections.page(loaded))
    writer.page("filing.html", "filing.html", filing.page(loaded))
    writer.page("inflation.html", "inflation.html", inflation.page(loaded))
    writer.page("gate.html", "gate.html", views.gate(loaded))
    writer.page("method.html", "method.html", views.method(loaded))
    writer.page("downloads.html", "downloads.html", views.downloads(loaded))
    writer.page("dictionary.html", "dictionary.html", dictionary.page(edition, loaded.row_counts))
    _units(edition, book, writer)
    return writer.written


def _units(edition: Path, book: views.Book, writer: _Writer) -> None:
    with data.reader(edition) as reader:
        for start in range(0, len(book.division_keys), DIVISIONS_A_BATCH):
            keys = book.division_keys[start : start + DIVISIONS_A_BATCH]
            batch = reader.batch(keys)
            for key in keys:
                writer.page("division.html", format.page("division", key), views.division(book, batch, key))
                for department in book.departments_of(key):
                    target = format.page("department", department)
                    writer.page("department.html", target, views.department(book, batch, department))


class _Writer:
    """Renders templates into files and counts them."""

    def __init__(self, folder: Path, loaded: data.Edition) -> None:
        self._folder = folder
        self._environment = _environment()
        self._common = {"about": loaded.about, "strip": views.strip(loaded)}
        self.written = 0

    def page(self, template: str, target: str, context: dict[str, Any]) -> None:
        """Write one page; links inside it start at `root`."""
        root = "../" * target.count("/")
        content = self._environment.get_template(template).render(**self._common, **context, root=root)
        write_text(self._folder / target, content)
        self.written += 1


def _environment() -> jinja2.Environment:
    """Templates escape everything, and a name that a page does not have is an error, not an empty place."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("publish.site", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = (
        *("wan", "exact_yuan", "percent", "exact", "number", "score", "null", "moment", "day", "day_of", "period"),
        *(
            "with_operator",
            "with_unit",
            "rank",
            "interval",
            "movement",
            "points_moved",
            "places_moved",
            "count",
            "page",
        ),
    )
    environment.globals.update({name: getattr(format, name) for name in shown})
    environment.globals.update(zh=labels.zh, en=labels.en)
    return environment
