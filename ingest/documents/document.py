"""The one shape that every format is read into."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


class DocumentError(Exception):
    """A file that cannot be read; `reason_code` is a key of `ingest/reasons.csv`."""

    def __init__(self, reason_code: str, detail: str) -> None:
        super().__init__(detail)
        self.reason_code = reason_code


@dataclass(frozen=True)
class Place:
    """Where a stretch of the text begins in the source: a page, a paragraph or a cell, as a person would name it."""

    start: int
    label_zh: str


@dataclass(frozen=True)
class Cell:
    """One table cell; `start` and `end` are its code points in the document's text. A merged cell repeats its span."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Table:
    """Rows of cells, merged cells filled in, so that every row has the same columns."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Document:
    """A file's decoded text. Spans everywhere in Jiheng count Unicode code points of `text`."""

    media_type: str
    text: str
    tables: tuple[Table, ...] = ()
    places: tuple[Place, ...] = ()

    def place_of(self, offset: int) -> str:
        """Name the page, paragraph or cell that holds the code point `offset`; empty when the source has none."""
        index = bisect_right([place.start for place in self.places], offset)
        return self.places[index - 1].label_zh if index else ""


@dataclass
class TextBuilder:
    """Collects text while keeping count of code points; readers of structured formats write into it."""

    parts: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> tuple[int, int]:
        """Append `text` and return its span."""
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length

    def mark(self, label_zh: str) -> None:
        """Name the place that begins here."""
        self.places.append(Place(self.length, label_zh))

    def document(self, media_type: str) -> Document:
        """The finished document."""
        return Document(media_type, "".join(self.parts), tuple(self.tables), tuple(self.places))
