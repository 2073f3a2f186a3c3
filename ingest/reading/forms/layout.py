"""Which rows of a table are headers, and what each column below them holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.documents import Cell
from ingest.reading.forms import vocabulary
from ingest.reading.forms.cells import Row, distinct, is_value, label_of, unit_in_notes
from ingest.reading.forms.vocabulary import Block, Column

# A header of a form takes at most this many rows.
DEEPEST_HEADER = 3


@dataclass(frozen=True)
class Placed:
    """A column of the grammar in a table: the grid columns it takes, the unit its header gives, the budget
    category that its header names, and the words of its lowest header cell.
    """

    column: Column
    places: tuple[int, ...]
    unit: str = ""
    category: str = ""
    label: str = ""

    def cells(self, row: Row) -> list[Cell]:
        """The cells of this column in a row, merged ones once, without empty ones."""
        inside = distinct([row[place] for place in self.places if place < len(row)])
        return [cell for cell in inside if cell.text.strip()]

    def cell(self, row: Row) -> Cell | None:
        """The first cell of this column that is not empty."""
        return next(iter(self.cells(row)), None)


@dataclass(frozen=True)
class Layout:
    """A block with its columns, as the header of `depth` rows lays them out."""

    block: Block
    placed: tuple[Placed, ...]
    depth: int

    def all_of(self, *names: str) -> list[Placed]:
        """The columns of these ids, from left to right."""
        return [placed for placed in self.placed if placed.column.id in names]

    def first(self, name: str) -> Placed | None:
        """The leftmost column of this id."""
        return next(iter(self.all_of(name)), None)

    def levels(self) -> list[Placed]:
        """The columns that name a row, the highest level first."""
        return sorted(self.all_of(*self.block.levels), key=lambda placed: self.block.levels.index(placed.column.id))


def layout_at(rows: Sequence[Row], index: int, reference: Path) -> Layout | None:
    """The layout whose header begins at a row; None when the row begins no header."""
    found: list[Layout] = []
    for depth in range(1, DEEPEST_HEADER + 1):
        header = rows[index : index + depth]
        if len(header) < depth or not _may_be_header(header[-1], header[-2] if depth > 1 else None):
            break
        below = rows[index + depth] if index + depth < len(rows) else ()
        found += [layout for block in vocabulary.blocks() if (layout := _layout(block, header, below, reference))]
    return max(found, key=lambda layout: (len(layout.placed), -layout.depth), default=None)


def _may_be_header(row: Row, above: Row | None) -> bool:
    """Names only: no cell holds a value, and a second row of names is not the first one again."""
    own = [cell for cell in distinct(row) if above is None or cell not in above]
    named = [cell for cell in own if cell.text.strip()]
    return bool(named) and not any(is_value(cell.text) for cell in named)


def _layout(block: Block, header: Sequence[Row], below: Row, reference: Path) -> Layout | None:
    placed = tuple(_joined(_matches(block, header, reference), block))
    layout = Layout(block, placed, len(header))
    complete = _opens(layout) and _every_row_helps(layout, header, reference) and not _has_gaps(layout, header[-1])
    return layout if complete and _goes_on(layout, below, reference) else None


def _opens(layout: Layout) -> bool:
    names = {placed.column.id for placed in layout.placed}
    if layout.block.rows in ("stages", "values"):
        return len(layout.placed) >= layout.block.least
    return len(names & layout.block.counted) >= layout.block.least and all(
        names & group for group in layout.block.needs
    )


def _goes_on(layout: Layout, below: Row, reference: Path) -> bool:
    """Whether the row below is one of such a block, where its header has no words of its own."""
    if layout.block.rows == "values":
        return any(is_value(cell.text) for placed in layout.placed if (cell := placed.cell(below)))
    if layout.block.rows == "stages":
        return stage_of(below, layout, reference) is not None
    return True


def stage_of(row: Row, layout: Layout, reference: Path) -> Column | None:
    """The stage of the budget that a row's label names, in a block whose columns are categories."""
    first = min(min(placed.places) for placed in layout.placed)
    labels = [label_of(cell.text) for cell in reversed(row[:first])]
    found = (vocabulary.stage_and_category(label, "", reference) for label in labels if label)
    stage = next(found, None)
    return stage[0] if stage and stage[1] == "total" else None


def _every_row_helps(layout: Layout, header: Sequence[Row], reference: Path) -> bool:
    """A header of several rows needs each of them: cells reach down into the next row, or more columns are named."""
    for number in range(1, len(header)):
        upper, lower = header[number - 1], header[number]
        inside = [p for placed in layout.placed for p in placed.places if p < min(len(upper), len(lower))]
        reaches_down = any(upper[place] == lower[place] for place in inside if upper[place].text.strip())
        without = [row for row in header if row is not upper]
        if not reaches_down and len(list(_joined(_matches(layout.block, without, reference), layout.block))) >= len(
            layout.placed
        ):
            return False
        if not any(lower[place] != upper[place] for place in inside if lower[place].text.strip()):
            return False
    return True


def _has_gaps(layout: Layout, row: Row) -> bool:
    """More empty cells than names: these are labels that wait for values, not a header."""
    empty = sum(not cell.text.strip() for cell in distinct(row))
    return empty >= max(len(layout.placed), 2)


def _matches(block: Block, header: Sequence[Row], reference: Path) -> Iterator[tuple[int, Placed, Cell]]:
    """For each grid column the column of the block that its header names, with the lowest cell of that header."""
    width = max(len(row) for row in header)
    for place in range(width):
        cells = distinct([row[place] for row in header if place < len(row) and row[place].text.strip()])
        if not cells:
            continue
        matched = _match(block, [label_of(cell.text) for cell in cells], _group_of(header, place), reference)
        if matched:
            unit = next((unit for cell in reversed(cells) if (unit := unit_in_notes(cell.text))), "")
            yield place, Placed(matched[0], (place,), unit, matched[1], cells[-1].text), cells[-1]


def _group_of(header: Sequence[Row], place: int) -> str:
    """The words that an unmerged header of two rows has above a group: they stand over its first column only."""
    if len(header) < 2 or place >= len(header[0]) or header[0][place].text.strip():
        return ""
    return next((label_of(cell.text) for cell in reversed(header[0][:place]) if cell.text.strip()), "")


def _match(block: Block, labels: Sequence[str], group: str, reference: Path) -> tuple[Column, str] | None:
    """The column that header words name, read from the lowest up, joined first; and the category among them.
    `group` are words that may belong to it: they count only where they make a name with it.
    """
    if block.rows == "stages":
        category = vocabulary.category_named(labels[-1], reference)
        return (Column(category, f"form.{block.id}.{category}"), category) if category else None
    if block.rows == "values":
        return _fact(labels[-1], reference)
    whole = [group, *labels] if group else list(labels)
    joined = ["".join(whole), "".join(reversed(whole))] if len(whole) > 1 else []
    for words in (*joined, *reversed(labels)):
        column = block.by_words.get(words) or block.by_words.get(vocabulary.without_clutter(words))
        if column:
            categories = (vocabulary.category_named(label, reference) for label in labels if label != words)
            return column, next(filter(None, categories), "") if block.rows == "categories" else ""
    return None


def _fact(label: str, reference: Path) -> tuple[Column, str] | None:
    known = vocabulary.facts().get(label)
    if known is not None and not known.kind:
        return None
    return (known, known.subject or "") if known else vocabulary.stage_and_category(label, "", reference)


def _joined(matches: Iterator[tuple[int, Placed, Cell]], block: Block) -> Iterator[Placed]:
    """Grid columns under one header cell become one column; a column named again is left out, but for full marks,
    which each level may have.
    """
    groups: dict[tuple[str, str, Cell], Placed] = {}
    for place, placed, cell in matches:
        key = (placed.column.id, placed.category, cell)
        known = groups.get(key)
        places = (*known.places, place) if known else (place,)
        groups[key] = replace(placed, places=places)
    seen: set[tuple[str, str]] = set()
    for (name, category, _), placed in groups.items():
        again = (name, category) in seen and not (block.levels and name == "full")
        seen.add((name, category))
        if not again:
            yield placed
