"""Pages as they were read, from a text layer or from a picture, and how they become one document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest

from ingest.documents.document import Cell, Document, Note, Recognised, Table, TextBuilder
from ingest.documents.lines import tables_in

FIGURE_END = re.compile(r"[\d%％]$")
# A line that only counts the pages: 3, - 3 -, 第3页, 第3页 共9页, 3/9.
PAGE_NUMBER = re.compile(r"[-—–·\s]*第?\s*\d{1,3}\s*页?(?:\s*[,，/共]+\s*\d{1,3}\s*页?)?[-—–·\s]*")


@dataclass(frozen=True)
class Piece:
    """A stretch of one line. Without a confidence it came from a text layer, with one it was read from a picture.

    `ends` says, in a cell of several lines, that the next line begins something else: it must not be glued on.
    """

    text: str
    confidence: Decimal | None = None
    agreed: bool = False
    ends: bool = False


def in_cell(lines: Sequence[tuple[Piece, float, float]], edge: float) -> tuple[Piece, ...]:
    """The lines of a cell, each with its right end and its height: a figure goes on in the next only where its line
    reaches the cell's right `edge`.
    """
    pieces = []
    for (piece, right, height), (following, _, _) in zip_longest(lines, lines[1:], fillvalue=(Piece(""), 0.0, 0.0)):
        meet = FIGURE_END.search(piece.text) and following.text[:1].isdigit()
        pieces.append(replace(piece, ends=bool(meet) and right + height < edge))
    return tuple(pieces)


@dataclass(frozen=True)
class Line:
    """A line outside of tables; `flows` says that the next line continues it without a break, even within a number."""

    pieces: tuple[Piece, ...]
    flows: bool = False

    @property
    def text(self) -> str:
        """The line's text; pieces far apart are kept apart by a tab."""
        return "\t".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class RuledCell:
    """One cell of a ruled table, with the rows and columns (from 0) that it covers and the lines in it."""

    row: int
    column: int
    rows: int
    columns: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class RuledTable:
    """A table as its ruled lines show it."""

    row_count: int
    column_count: int
    cells: tuple[RuledCell, ...]

    def row_text(self, row: int) -> list[str]:
        """What stands in one row, for comparing headers."""
        return ["".join(piece.text for piece in cell.pieces) for cell in self.cells if cell.row == row]


Block = Line | RuledTable


@dataclass(frozen=True)
class Page:
    """What stands on one page, in reading order."""

    number: int
    blocks: tuple[Block, ...]


@dataclass
class _Composition:
    """A document that is being written, and the table that the next page may continue."""

    builder: TextBuilder
    open_table: RuledTable | None = None

    def piece(self, piece: Piece) -> None:
        start, end = self.builder.add(piece.text)
        if piece.confidence is not None and end > start:
            self.builder.recognised.append(Recognised(start, end, piece.confidence, piece.agreed))


def document_of(media_type: str, pages: Iterable[Page], notes: Iterable[Note] = ()) -> Document:
    """One document of the pages: a line a line, cells ended by a tab, tables that a page break cut joined again."""
    work = _Composition(TextBuilder(notes=list(notes)))
    for page in pages:
        _write_page(work, page)
    ruled = tuple(work.builder.tables)
    document = work.builder.document(media_type)
    tables = sorted((*ruled, *_unruled(document)), key=lambda table: table.rows[0][0].start)
    return replace(document, tables=tuple(tables))


def without_page_number(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a page without the page number that stands first or last."""
    kept = list(blocks)
    for end in (-1, 0):
        if kept and isinstance(edge := kept[end], Line) and PAGE_NUMBER.fullmatch(edge.text):
            kept.pop(end)
    return tuple(kept)


def pieces_of(blocks: Sequence[Block]) -> Iterator[Piece]:
    """All stretches of text, in reading order."""
    for block in blocks:
        if isinstance(block, Line):
            yield from block.pieces
        else:
            for cell in block.cells:
                yield from cell.pieces


def _write_page(work: _Composition, page: Page) -> None:
    builder = work.builder
    builder.pages.append(builder.length)
    builder.mark(f"第{page.number}页")
    line_number = table_number = 0
    for place, block in enumerate(page.blocks):
        if isinstance(block, RuledTable):
            table_number += 1
            continues = place == 0 and work.open_table is not None and _continues(work.open_table, block)
            _write_table(work, block, f"第{page.number}页表{table_number}", continues)
            work.open_table = block
        else:
            line_number += 1
            builder.mark(f"第{page.number}页第{line_number}行")
            _write_line(work, block)
            work.open_table = None


def _write_line(work: _Composition, line: Line) -> None:
    for index, piece in enumerate(line.pieces):
        if index:
            work.builder.add("\t")
        work.piece(piece)
    if not line.flows:
        work.builder.add("\n")


def _continues(above: RuledTable, below: RuledTable) -> bool:
    """Whether a table at the top of a page goes on with the one that ended the page before."""
    return above.column_count == below.column_count or above.row_text(0) == below.row_text(0)


def _write_table(work: _Composition, table: RuledTable, place: str, continues: bool) -> None:
    builder = work.builder
    starts = {(cell.row, cell.column): cell for cell in table.cells}
    filled: dict[tuple[int, int], Cell] = {}
    rows: list[tuple[Cell, ...]] = []
    for row in range(table.row_count):
        for column in range(table.column_count):
            cell = starts.get((row, column))
            if cell or (row, column) not in filled:
                builder.mark(f"{place}第{row + 1}行第{column + 1}列")
                written = _write_cell(work, cell.pieces if cell else ())
                for covered in _covered(cell) if cell else ((row, column),):
                    filled.setdefault(covered, written)
                builder.add("\t")
        builder.add("\n")
        rows.append(tuple(filled[row, column] for column in range(table.column_count)))
    if continues and builder.tables:
        builder.tables[-1] = Table((*builder.tables[-1].rows, *rows))
    else:
        builder.tables.append(Table(tuple(rows)))


def _covered(cell: RuledCell) -> Iterable[tuple[int, int]]:
    return (
        (row, column)
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    )


def _write_cell(work: _Composition, pieces: tuple[Piece, ...]) -> Cell:
    """The lines of a cell: without a break where the cell wrapped them, for it wraps within words and numbers too."""
    start = work.builder.length
    text = ""
    for index, piece in enumerate(pieces):
        work.piece(piece)
        text += piece.text
        if piece.ends and index + 1 < len(pieces):
            work.builder.add(" ")
            text += " "
    return Cell(text, start, work.builder.length)


def _unruled(document: Document) -> tuple[Table, ...]:
    """Tables that only tabs or spaces make, outside of the ruled ones."""
    characters = list(document.text)
    for table in document.tables:
        start = min(cell.start for row in table.rows for cell in row)
        end = max(cell.end for row in table.rows for cell in row)
        characters[start:end] = "\n" * (end - start)
    return tables_in("".join(characters))
