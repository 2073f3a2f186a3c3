"""The pages that cut across divisions: by function of the departments, and by indicator."""

from __future__ import annotations

from publish import format
from publish.site import indicators
from publish.site.book import Book
from publish.site.functions import Functions
from publish.site.writer import Writer


def write_functions(book: Book, writer: Writer) -> None:
    """Write the page of all functions and one for each."""
    ranked = Functions(book)
    writer.page("functions.html", "functions.html", ranked.index())
    for key in ranked.keys:
        writer.page("function.html", format.page("function", key), ranked.page(key))


def write_indicators(book: Book, writer: Writer) -> None:
    """Write the page of all indicators and one for each that a report states."""
    stated = indicators.read(book.edition.path)
    writer.page("indicators.html", "indicators.html", indicators.index(book.edition, stated))
    for key in stated.keys:
        writer.page("indicator.html", format.page("indicator", key), indicators.page(book.edition, stated, key))


ACROSS = (write_functions, write_indicators)
