"""The one shape that every format is read into."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property


class DocumentError(Exception):
    """A file that cannot be read; `reason_code` is a key of `dbt_project/seeds/arrival_reasons.csv`."""

    def __init__(self, reason_code: str, detail: str) -> None:
        super().__init__(detail)
        self.reason_code = reason_code


@dataclass(frozen=True)
class Place:
    """Where a stretch of the text begins in the source: a page, a paragraph or a cell, as a person would name it."""

    start: int
    label_zh: str


@dataclass(frozen=True)
class Heading:
    """A heading of the source, 1 the highest level; `start` and `end` are its code points in the document's text."""

    level: int
    start: int
    end: int


@dataclass(frozen=True)
class Note:
    """Something about the source that a person should know and that did not keep it from being read.

    Codes: MACRO (holds a macro, which was not run), EMBEDDED_OBJECT (holds an object that was not read),
    HIDDEN_CELLS (sheets, rows or columns that are not shown were left out), ERROR_CELL (a formula shows an error),
    FORMULA_WITHOUT_VALUE (a formula was never calculated), NUMBER_FORMATS_UNKNOWN (percentages may stand as ratios),
    ONE_READING (a converted file that no second program could read), MEMBER_UNREADABLE (a file in a package),
    PAGE_NOT_READ (a scanned page among pages that could be read), DIRECTION_MARKS (invisible marks that turn the
    direction of writing were read as blanks).
    """

    code: str
    detail: str = ""


@dataclass(frozen=True)
class Cell:
    """One table cell; `start` and `end` are its code points in the document's text. A merged cell repeats its span.

    A cell that shows an error (#DIV/0!) has no text of its own: only its span leads to what it shows.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Table:
    """Rows of cells, merged cells filled in, so that every row has the same columns."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Recognised:
    """A stretch of the text that was read from a picture: how sure the reading is (0 to 1), and whether a second
    reading of its figures came out alike. One per line or cell.
    """

    start: int
    end: int
    confidence: Decimal
    agreed: bool


@dataclass(frozen=True)
class Document:
    """A file's decoded text. Spans everywhere in Jiheng count Unicode code points of `text`.

    `pages` are the code points at which the pages begin; empty where the source has no pages.
    """

    media_type: str
    text: str
    tables: tuple[Table, ...] = ()
    places: tuple[Place, ...] = ()
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    notes: tuple[Note, ...] = ()
    recognised: tuple[Recognised, ...] = ()

    def place_of(self, offset: int) -> str:
        """Name the page, paragraph or cell that holds the code point `offset`; empty when the source has none."""
        index = bisect_right(self._place_starts, offset)
        return self.places[index - 1].label_zh if index else ""

    def page_of(self, offset: int) -> int | None:
        """The page, counted from 1, that holds the code point `offset`; None where the source has no pages."""
        return max(bisect_right(self.pages, offset), 1) if self.pages else None

    @cached_property
    def _place_starts(self) -> list[int]:
        return [place.start for place in self.places]


@dataclass
class TextBuilder:
    """Collects text while keeping count of code points; readers of structured formats write into it."""

    parts: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)
    length: int = 0
    paragraphs: int = 0

    def add(self, text: str) -> tuple[int, int]:
        """Append `text` and return its span."""
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length

    def mark(self, label_zh: str) -> None:
        """Name the place that begins here."""
        self.places.append(Place(self.length, label_zh))

    def add_paragraph(self, text: str, level: int = 0) -> tuple[int, int]:
        """Append a line of its own; one that holds text is counted, and with a `level` it is a heading."""
        if text.strip():
            self.paragraphs += 1
            self.mark(f"第{self.paragraphs}段")
        start, end = self.add(text)
        if level and text.strip():
            self.headings.append(Heading(level, start, end))
        self.add("\n")
        return start, end

    def note(self, code: str, detail: str = "") -> None:
        """Keep a note, once."""
        if Note(code, detail) not in self.notes:
            self.notes.append(Note(code, detail))

    def document(self, media_type: str) -> Document:
        """The finished document."""
        return Document(
            media_type,
            "".join(self.parts),
            tuple(self.tables),
            tuple(self.places),
            tuple(self.headings),
            tuple(self.pages),
            tuple(self.notes),
            tuple(self.recognised),
        )


def joined(media_type: str, parts: Iterable[tuple[str, Document]], notes: Iterable[Note] = ()) -> Document:
    """Several documents as one, in their order: spans are shifted, and every place begins with its document's label."""
    builder = TextBuilder(notes=list(notes))
    for label, document in parts:
        shift = builder.length
        builder.mark(label)
        builder.places += [Place(place.start + shift, label + place.label_zh) for place in document.places]
        builder.tables += [_shifted_table(table, shift) for table in document.tables]
        builder.headings += [replace(one, start=one.start + shift, end=one.end + shift) for one in document.headings]
        builder.recognised += [
            replace(one, start=one.start + shift, end=one.end + shift) for one in document.recognised
        ]
        builder.pages += [page + shift for page in document.pages or (0,)]
        builder.notes += [Note(note.code, label + note.detail) for note in document.notes]
        builder.add(document.text if document.text.endswith("\n") else document.text + "\n")
    return builder.document(media_type)


def _shifted_table(table: Table, shift: int) -> Table:
    """The table with its spans moved; a cell that stands in several places stays one cell."""
    moved: dict[int, Cell] = {}
    rows = []
    for row in table.rows:
        for cell in row:
            if id(cell) not in moved:
                moved[id(cell)] = Cell(cell.text, cell.start + shift, cell.end + shift)
        rows.append(tuple(moved[id(cell)] for cell in row))
    return Table(tuple(rows))
