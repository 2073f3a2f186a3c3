"""The reader of forms (自评表, 评分表, 基础信息表, 复核表): headers say what a column holds, rows whose figure it is.

All words are data (`grammar/forms.yaml`); the rooms of the work are in `ingest.reading.forms`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingest.documents import Cell, Document
from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.forms.account import COLUMN_NUMBER, HEADER, Noise, noise_of
from ingest.reading.forms.cells import as_seen, label_of
from ingest.reading.forms.indicators import IndicatorRows
from ingest.reading.forms.labels import is_total, read_below, read_pairs, read_totals
from ingest.reading.forms.layout import Layout, layout_at
from ingest.reading.forms.ledger import Ledger, Line
from ingest.reading.forms.measures import GoalRows
from ingest.reading.forms.money import MoneyRows, StageRows

Reader = IndicatorRows | MoneyRows | StageRows | GoalRows


@dataclass
class FormReader:
    """Reads the tables of one document. Amounts without a unit are in the form's unit, 万元 unless it says another."""

    document: Document
    fiscal_year: int
    reference: Path
    first_number: int = 1

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.document, self.fiscal_year, self.reference, self.first_number)

    @property
    def claims(self) -> list[Claim]:
        """The claims that were read so far."""
        return self.ledger.claims

    def read(self) -> list[Claim]:
        """All claims of all tables, in order of rows."""
        for table in self.document.tables:
            if any(table.rows):
                rows = [tuple(as_seen(cell, self.document.text) for cell in row) for row in table.rows]
                self.ledger.money_unit = self._money_unit(rows)
                TableReader(self.ledger, rows, self._place(rows)).read()
        return self.claims

    def noise(self) -> list[Noise]:
        """Digits of cells that are no figures: start, end and class. To be asked after `read`."""
        claimed = [(claim.span_start, claim.span_end) for claim in self.claims]
        return noise_of(self.ledger.classes.items(), claimed)

    def _place(self, rows: Sequence[Sequence[Cell]]) -> str:
        """What a person calls the table: 表2, or a sheet's name."""
        first = next(cell for row in rows for cell in row)
        place = self.document.place_of(first.start)
        match = grammar.named("forms", "table_place").search(place)
        return match[0] if match else place

    def _money_unit(self, rows: Sequence[Sequence[Cell]]) -> str:
        """The unit that the table says, else the last one said before it, else the first one said at all."""
        first = bisect_left(self._stated_units, (min(cell.start for row in rows for cell in row), ""))
        end = max(cell.end for row in rows for cell in row)
        after = self._stated_units[first : first + 1]
        if not self._stated_units:
            return str(grammar.load("forms")["default_money_unit"])
        stated = after[0] if after and (after[0][0] < end or first == 0) else self._stated_units[first - 1]
        return stated[1]

    @cached_property
    def _stated_units(self) -> list[tuple[int, str]]:
        """Where the document says the unit of its amounts (单位：万元), and which."""
        expression = grammar.named("forms", "money_unit")
        return [(match.start(), match[1]) for match in expression.finditer(self.document.text)]


@dataclass
class TableReader:
    """Reads one table row by row; a header opens a block, which holds until the next header."""

    ledger: Ledger
    rows: Sequence[tuple[Cell, ...]]
    place: str
    layout: Layout | None = None
    reader: Reader | None = None

    def read(self) -> None:
        """Every row once: it is a header, a row of totals, a row of the open block, or a row of labels and values."""
        lines = [Line.of(row, self.place) for row in self.rows]
        for row in self.rows:
            self.ledger.classes.update(dict.fromkeys(row, ""))
        index = 0
        while index < len(lines):
            layout = layout_at(self.rows, index, self.ledger.reference)
            if layout is not None:
                self._open(layout, lines[index : index + layout.depth])
                index += layout.depth
                continue
            self._read_row(lines[index], lines[index + 1] if index + 1 < len(lines) else None)
            index += 1

    def _open(self, layout: Layout, header: Sequence[Line]) -> None:
        again = self.layout is not None and (layout.block, layout.placed) == (self.layout.block, self.layout.placed)
        self.layout = layout
        # A header that a new page repeats goes on with the names above it.
        self.reader = self.reader if again else _reader_of(layout, self.ledger)
        self.ledger.classes.update({cell: HEADER for line in header for cell in line.cells})

    def _read_row(self, line: Line, following: Line | None) -> None:
        if self._numbers_columns(line):
            self.ledger.classes.update(dict.fromkeys(line.cells, COLUMN_NUMBER))
        elif is_total(line, self.layout):
            read_totals(self.ledger, self.layout, line)
            read_pairs(self.ledger, line)
        elif self._read_in_block(line, following):
            self._classify(line)
        else:
            read_pairs(self.ledger, line)

    def _numbers_columns(self, line: Line) -> bool:
        """Whether the row below a header gives the columns numbers (栏次 1 2 3)."""
        number = self.layout.block.columns.get("number") if self.layout else None
        label = next((label_of(cell.text) for cell in line.cells if cell.text.strip()), "")
        return bool(number and self.layout and self.layout.block.by_words.get(label) is number)

    def _read_in_block(self, line: Line, following: Line | None) -> bool:
        if self.layout is not None and self.layout.block.rows == "values":
            return read_below(self.ledger, self.layout, line)
        if isinstance(self.reader, IndicatorRows):
            return self.reader.read(line, following)
        return self.reader is not None and self.reader.read(line)

    def _classify(self, line: Line) -> None:
        """Remember which cells of the row are in columns that hold no figures."""
        for placed in self.layout.placed if self.layout else ():
            if placed.column.noise:
                self.ledger.classes.update(dict.fromkeys(placed.cells(line.cells), placed.column.noise))


def _reader_of(layout: Layout, ledger: Ledger) -> Reader | None:
    readers: dict[str, type[Reader]] = {
        "names": IndicatorRows,
        "categories": MoneyRows,
        "stages": StageRows,
        "sentences": GoalRows,
    }
    reader = readers.get(layout.block.rows)
    return reader(ledger, layout) if reader else None
