"""Indicator blocks and score tables: names on levels, targets, actuals, full marks and points in one row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.documents import Cell
from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.forms import vocabulary
from ingest.reading.forms.cells import (
    Figure,
    figures_of,
    holds_value,
    is_not_applicable,
    label_of,
    operator_in,
    unit_in_notes,
)
from ingest.reading.forms.layout import Layout, Placed
from ingest.reading.forms.ledger import About, Ledger, Line, as_ratio
from ingest.reading.forms.measures import MeasureReader, change_before, indicator_of, surface_of
from ingest.reading.forms.money import HIGHEST_RATIO
from ingest.reading.forms.vocabulary import Column

NOT_APPLICABLE = "不适用"
RATES = ("completion_rate", "deviation")
BOUNDED_ABOVE = ("<", "<=")
NOTE_AT_END = re.compile(r"[（(]([^（()）]*)[)）]$")


@dataclass
class Named:
    """What a row is called: the names on its levels, the deepest one last, and its own cell."""

    names: tuple[str, ...]
    cell: Cell
    level: int
    sums_up: bool = False

    @property
    def surface(self) -> str:
        """The name without a unit or points behind it."""
        return self.names[-1]


@dataclass
class IndicatorRows:
    """Rows below a header of level names. Names that stand only in the first row of a group hold for the rest."""

    ledger: Ledger
    layout: Layout
    above: dict[int, str] = field(default_factory=dict)
    weighed: set[tuple[int, int]] = field(default_factory=set)

    def read(self, line: Line, following: Line | None) -> bool:
        """Read a row; false when it is none of this block."""
        if not self._fits(line):
            return False
        named = self._named(line, following)
        if named is None:
            return False
        self._full_marks_above(line, named)
        kept: dict[str, Claim] = {}
        for placed in self._values(named):
            for claim in self._read_cell(line, placed, named, kept):
                kept.setdefault(placed.column.id, claim)
        return bool(kept)

    def _fits(self, line: Line) -> bool:
        """Whether the row has points, or figures in its values, and words only where words may stand."""
        numbers = self._number_cells(line)
        names = {cell for placed in self.layout.levels() for cell in placed.cells(line.cells)}
        measures = [p for p in self.layout.placed if p.column.kind == "indicator"]
        values = [cell for placed in measures for cell in placed.cells(line.cells)]
        if not all(holds_value(cell.text) for cell in numbers) or names & {*values, *numbers}:
            return False
        scored = bool(self.layout.all_of("full", "item_score"))
        return bool(numbers) or not scored or any(any(figures_of(cell)) for cell in values)

    def _number_cells(self, line: Line) -> list[Cell]:
        placed = [p for p in self.layout.placed if p.column.kind in ("score", *RATES)]
        return [cell for column in placed for cell in column.cells(line.cells) if not is_not_applicable(cell.text)]

    def _named(self, line: Line, following: Line | None) -> Named | None:
        """The row's names. A row whose deepest name is on a level that the next row goes below sums that level up."""
        levels = self.layout.levels()
        own = {number: cell for number, placed in enumerate(levels) if (cell := placed.cell(line.cells))}
        if not own:
            return None
        deepest = max(own)
        if (summed := self._summed(label_of(own[deepest].text), deepest)) is not None:
            return Named(summed, own[deepest], deepest, True) if summed else None
        self._fill_down({number: _name_of(cell.text) for number, cell in own.items()})
        names = tuple(dict.fromkeys(words for _, words in sorted(self.above.items())))
        return Named(names, own[deepest], deepest, self._goes_deeper(following, own, deepest))

    def _fill_down(self, names: dict[int, str]) -> None:
        """Names that stand above hold on; a new name ends those on the levels below it."""
        for number, name in sorted(names.items()):
            if self.above.get(number) != name:
                self.above = {level: words for level, words in self.above.items() if level < number}
            self.above[number] = name
        self.above = {level: words for level, words in self.above.items() if level <= max(names)}

    def _summed(self, label: str, level: int) -> tuple[str, ...] | None:
        """The names of what a row such as 小计 or 产出指标小计 sums up; None for a row that does not."""
        word = next((word for word in vocabulary.total_words("parts") if label.endswith(word)), None)
        if word is None:
            return None
        named = label.removesuffix(word)
        above = [words for number, words in sorted(self.above.items()) if number < (level if named else max(level, 1))]
        return tuple(dict.fromkeys([*above, named] if named else above))

    def _goes_deeper(self, following: Line | None, own: dict[int, Cell], deepest: int) -> bool:
        levels = self.layout.levels()
        if following is None or deepest + 1 >= len(levels):
            return False
        below = levels[deepest + 1].cell(following.cells)
        again = levels[deepest].cell(following.cells)
        return below is not None and (again is None or _name_of(again.text) == _name_of(own[deepest].text))

    def _full_marks_above(self, line: Line, named: Named) -> None:
        """Full marks of the levels above the row's own: in columns of their own, or in brackets behind the name."""
        levels = self.layout.levels()
        columns = self._full_by_level()
        full = self.layout.block.columns["full"]
        for number, placed in enumerate(levels):
            name = placed.cell(line.cells)
            if name is None or (number >= named.level and number not in columns and not _points_in(name)):
                continue
            column = columns.get(number)
            cell = column.cell(line.cells) if column and number < named.level else None
            if cell is None and column is None:
                cell = _points_in(name)
            if cell is None or (cell.start, cell.end) in self.weighed:
                continue
            self.weighed.add((cell.start, cell.end))
            path = tuple(dict.fromkeys(words for level, words in sorted(self.above.items()) if level <= number))
            figure = next(figures_of(cell), None)
            if figure is not None:
                unit = self.ledger.unit_of(full, column.unit if column else "")
                self.ledger.keep_figure(line, full, figure, unit, About(path[-1] if path else "", None, path))

    def _full_by_level(self) -> dict[int, Placed]:
        """The columns of full marks by the level they stand behind; one column alone is the row's own."""
        levels, columns = self.layout.levels(), self.layout.all_of("full")
        if len(columns) < 2:
            return {}
        found: dict[int, Placed] = {}
        for column in columns:
            before = [number for number, level in enumerate(levels) if level.places[-1] < column.places[0]]
            if before:
                found.setdefault(before[-1], column)
        return found

    def _values(self, named: Named) -> Iterator[Placed]:
        """The columns of a row that hold its values, in the order of the grammar."""
        by_level = self._full_by_level()
        own = by_level.get(named.level) or next(iter(self.layout.all_of("full")), None)
        for name, column in self.layout.block.columns.items():
            if column.kind:
                placed = own if name == "full" else self.layout.first(name)
                if placed is not None:
                    yield placed

    def _read_cell(self, line: Line, placed: Placed, named: Named, kept: dict[str, Claim]) -> Iterator[Claim]:
        column, cells = placed.column, placed.cells(line.cells)
        if not cells or (cells[0].start, cells[0].end) in self.weighed:
            return
        first = next(iter(kept.values()), None)
        host = kept.get(column.host) or first
        about = About(named.surface, None, named.names, host)
        if named.sums_up and column.role in ("item", "reviewed_item"):
            column = replace(column, role="subtotal")
        if named.sums_up and column.role == "full":
            self.weighed.add((cells[0].start, cells[0].end))
        if column.kind == "indicator":
            yield from self._measures(line, placed, cells, about)
        else:
            claim = self._number(line, placed, column, cells[0], about)
            if claim is not None:
                yield claim

    def _number(self, line: Line, placed: Placed, column: Column, cell: Cell, about: About) -> Claim | None:
        """Points, a rate or a deviation."""
        figure = next((figure for figure in figures_of(cell) if figure.token.kind == "quantity"), None)
        if figure is None:
            words = NOT_APPLICABLE if is_not_applicable(cell.text) else ""
            return self.ledger.keep_words(line, column, cell, words, about) if words and column.says else None
        if column.kind in RATES and about.host is not None:
            about = replace(about, subject=about.host.subject)
        claim = self.ledger.keep_figure(line, column, figure, self.ledger.unit_of(column, placed.unit), about)
        written = figure.token.unit or placed.unit
        if column.kind == "completion_rate" and not written and claim.value is not None and claim.value < HIGHEST_RATIO:
            return as_ratio(self.ledger, claim)
        return claim

    def _measures(self, line: Line, placed: Placed, cells: Sequence[Cell], about: About) -> Iterator[Claim]:
        """All figures of a target or an actual, the first one first; or its words, where it has no figure."""
        sign = operator_in(cells[0].text) if len(cells) > 1 else ""
        cell = cells[1] if sign else cells[0]
        figures = list(figures_of(cell))
        if not figures:
            yield self._said(line, placed.column, cell, about)
            return
        unit, borrowed = self._unit(line, placed)
        reader = MeasureReader(self.ledger, line, placed.column, self._grows(line))
        operator = sign or self._sign(line) if placed.column.role == "target" else ""
        first = reader.read(figures[0], unit, operator, about)
        if borrowed and not figures[0].token.unit and unit == "%" and self._stored_as_ratio(line, first):
            first = as_ratio(self.ledger, first)
        yield first
        for figure in figures[1:]:
            surface = surface_of(figure.before) or about.surface
            yield reader.read(figure, "", "", replace(about, surface=surface, host=first))

    def _said(self, line: Line, column: Column, cell: Cell, about: About) -> Claim:
        """A value in words: 完成, 优, 不适用, or a sentence."""
        words = NOT_APPLICABLE if is_not_applicable(cell.text) else " ".join(cell.text.split())
        about = replace(about, subject=indicator_of(self.ledger, about.surface, None))
        return self.ledger.keep_words(line, column, cell, words, about)

    def _sign(self, line: Line) -> str:
        placed = self.layout.first("sign")
        cell = placed.cell(line.cells) if placed else None
        return operator_in(cell.text) if cell else ""

    def _unit(self, line: Line, placed: Placed) -> tuple[str, bool]:
        """The unit of figures that name none: of the unit column, the name, the header, or borrowed from the row's
        other figures.
        """
        column = self.layout.first("unit")
        cell = column.cell(line.cells) if column else None
        name = next((c for level in reversed(self.layout.levels()) if (c := level.cell(line.cells))), None)
        said = (cell.text.strip() if cell and not is_not_applicable(cell.text) else "") or (
            unit_in_notes(name.text) if name else ""
        )
        if said or placed.unit:
            return said.replace("％", "%") or placed.unit, False
        others = self.layout.all_of("target", "actual", "reviewed_actual")
        figures = [figure for other in others for figure in self._first_figure(line, other)]
        units = [*(figure.token.unit for figure in figures), *(other.unit for other in others)]
        return next(filter(None, units), ""), True

    def _first_figure(self, line: Line, placed: Placed) -> list[Figure]:
        return [figure for cell in placed.cells(line.cells)[-1:] for figure in list(figures_of(cell))[:1]]

    def _grows(self, line: Line) -> grammar.Words | None:
        """The change word of the row's target (增长5.7%), so that its actual is a growth too."""
        placed = self.layout.first("target")
        figures = self._first_figure(line, placed) if placed else []
        return change_before(figures[0]) if figures else None

    def _stored_as_ratio(self, line: Line, claim: Claim) -> bool:
        """Whether a figure beside a target in percent is one that a workbook stored as a ratio (0.95 for 95 %)."""
        placed = self.layout.first("target")
        target = self._first_figure(line, placed) if placed else []
        if claim.role == "target" or not target or target[0].token.value is None or claim.value is None:
            return False
        bounded_above = target[0].token.operator in BOUNDED_ABOVE or self._sign(line) in BOUNDED_ABOVE
        return not bounded_above and target[0].token.value > HIGHEST_RATIO and claim.value <= 1


def _name_of(text: str) -> str:
    """A name as it is written, without its number and without a unit or points behind it."""
    words = "".join(text.split())
    words = grammar.named("forms", "number_before_name").sub("", words) or words
    note = NOTE_AT_END.search(words)
    if note and (note[1] in grammar.units() or _points_pattern().fullmatch(note[0])):
        words = words[: note.start()] or words
    return words


def _points_pattern() -> re.Pattern[str]:
    return grammar.named("forms", "points_in_name")


def _points_in(name: Cell) -> Cell | None:
    """The stretch of a name's cell that gives its full marks: 50分 of 产出指标（50分）."""
    match = _points_pattern().search(name.text)
    if match is None or len(name.text) != name.end - name.start:
        return None
    return Cell(match[1], name.start + match.start(1), name.start + match.end(1))
