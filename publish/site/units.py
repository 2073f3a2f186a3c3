"""The pages of divisions and departments, and across them: many thousands, so several processes write them."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from publish import data, format
from publish.language import Language
from publish.site import departments, divisions
from publish.site.across import ACROSS
from publish.site.book import Book
from publish.site.reuse import Kept
from publish.site.writer import Writer

# Divisions whose facts are in memory together: enough to make queries few, little enough for a small machine.
DIVISIONS_A_BATCH = 10
# With fewer departments than this a second process begins later than one alone ends.
DEPARTMENTS_FOR_MANY = 1_000
DEPARTMENT, REPORT = "department.html", "report.html"


@dataclass
class Units:
    """Writes the pages of some divisions and of their departments."""

    book: Book
    writer: Writer
    reader: data.Reader
    glance: data.Glance
    kept: Kept | None

    def write(self, keys: Iterable[str]) -> None:
        """Write the page of each division, and those of its departments."""
        listed = list(keys)
        for key in listed:
            self.writer.page("division.html", format.page("division", key), divisions.page(self.book, self.glance, key))
        pages = {name: departments.page(self.book, name) for key in listed for name in self.book.departments_of(key)}
        reports = self._reports(pages)
        for name, context in pages.items():
            target = format.page("department", name)
            self.writer.page(DEPARTMENT, target, context, {one: reports[one, target] for one in self.writer.languages})

    def _reports(self, pages: dict[str, data.Row]) -> dict[tuple[Language, str], data.Row]:
        """The reports of departments' pages by language and page: from the last edition where they stand there, else
        rendered from their facts.
        """
        reports: dict[tuple[Language, str], dict[str, Markup]] = {}
        missing: dict[str, tuple[str, data.Row]] = {}
        for name, context in pages.items():
            target = format.page("department", name)
            versions = [year["version"] for year in context["years"] if year["version"]]
            for language in self.writer.languages:
                kept = self.kept.reports(language.folder + target) if self.kept and versions else {}
                reports[language, target] = {version: Markup(html) for version, html in kept.items()}  # noqa: S704
                for version in versions:
                    if version["submission_version_id"] not in kept:
                        missing[version["submission_version_id"]] = (target, version)
        batch = self.reader.batch(sorted(missing))
        for version_id, (target, version) in missing.items():
            context = departments.report(self.book, batch, version)
            for language in self.writer.languages:
                html = self.writer.part(language, REPORT, target, context)
                reports[language, target][version_id] = html
        return {place: {"reports": found} for place, found in reports.items()}


def write_units(edition: Path, book: Book, writer: Writer, kept: Kept | None) -> None:
    """Write the pages of all units and those across them, in processes of their own where there are many."""
    keys = book.division_keys
    batches = [keys[start : start + DIVISIONS_A_BATCH] for start in range(0, len(keys), DIVISIONS_A_BATCH)]
    if len(book.edition.departments) < DEPARTMENTS_FOR_MANY:
        with data.reader(edition) as reader:
            units = Units(book, writer, reader, reader.glance(), kept)
            for batch in batches:
                units.write(batch)
        for write in ACROSS:
            write(book, writer)
        return
    context = multiprocessing.get_context("spawn")
    workers = min(len(batches), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, context, _begin, (edition, writer.folder, kept)) as pool:
        across = [pool.submit(_write_across, number) for number in range(len(ACROSS))]
        # What went wrong in a process is raised here.
        list(pool.map(_write, batches))
        for one in across:
            one.result()


_units: Units | None = None
_open_while_alive = ExitStack()


def _begin(edition: Path, folder: Path, kept: Kept | None) -> None:
    """Load the edition once in a process beside the first one; its connection lives as long as the process."""
    global _units  # noqa: PLW0603 (a pool has no other place for what its workers share)
    loaded = data.load(edition)
    reader = _open_while_alive.enter_context(data.reader(edition))
    _units = Units(Book(loaded), Writer(folder, loaded), reader, reader.glance(), kept)


def _write(keys: list[str]) -> None:
    assert _units is not None
    _units.write(keys)


def _write_across(number: int) -> None:
    assert _units is not None
    ACROSS[number](_units.book, _units.writer)
