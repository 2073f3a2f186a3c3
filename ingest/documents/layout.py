"""Where text stands on a page: what is to be read, line by line and cell by cell, and in what order it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from ingest.documents.figures import figures_of
from ingest.documents.pages import Block, Line, Piece, RuledCell, RuledTable, in_cell, without_page_number
from ingest.documents.rulings import Box, GridPlace, RuledGrid

Picture = Any
T = TypeVar("T")
# Paper left around ink that is cut out, in pixels.
AROUND = 6


@dataclass(frozen=True)
class Spot:
    """A stretch to be read: its box, and the table cell or the free line it belongs to."""

    box: Box
    cell: tuple[int, GridPlace] | None


def crop(picture: Picture, box: Box) -> Picture:
    """The part of a picture that a box holds; never empty."""
    top, left = max(int(box.top), 0), max(int(box.left), 0)
    return picture[top : max(int(box.bottom) + 1, top + 1), left : max(int(box.right) + 1, left + 1)]


def spots_of(bare: Picture, boxes: list[Box], grids: list[RuledGrid], rules: Mapping[str, Any]) -> list[Spot]:
    """What is to be read: lines outside of tables, and in tables the lines of each cell."""
    free = list(boxes)
    spots: list[Spot] = []
    for number, grid in enumerate(grids):
        inside = [box for box in free if _overlap(box, grid.box) > box.width * box.height / 2]
        free = [box for box in free if box not in inside]
        for place in grid.places:
            spots += [Spot(box, (number, place)) for box in _lines_in(bare, place.box, inside, rules)]
    return spots + [Spot(box, None) for box in free]


def _overlap(one: Box, other: Box) -> float:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(across, 0) * max(down, 0)


def _lines_in(bare: Picture, cell: Box, boxes: list[Box], rules: Mapping[str, Any]) -> list[Box]:
    """The lines of a cell: what was detected in it, widened to all the ink beside it; else the ink of the cell."""
    limits = rules["tables"]
    ink = crop(bare, Box(cell.left, cell.top, cell.right - 1, cell.bottom - 1)) < limits["dark"]
    if ink.sum() < limits["least_ink"]:
        return []
    bands = _bands(cell, boxes, rules) or _band_of_ink(cell, ink, limits["least_height"])
    return [line for top, bottom in bands if (line := _widened(cell, ink, top, bottom))]


def _band_of_ink(cell: Box, ink: Picture, least_height: int) -> list[tuple[float, float]]:
    """Top and bottom of all the ink in a cell: a single figure is easily missed by the detector."""
    import numpy as np

    rows = np.flatnonzero(ink.any(axis=1))
    if rows[-1] - rows[0] < least_height:
        return []
    return [(max(cell.top + rows[0] - AROUND, 0), min(cell.top + rows[-1] + AROUND, cell.bottom))]


def _widened(cell: Box, ink: Picture, top: float, bottom: float) -> Box | None:
    """A line of a cell, from its first ink to its last."""
    import numpy as np

    columns = np.flatnonzero(ink[max(int(top - cell.top), 0) : int(bottom - cell.top) + 1].any(axis=0))
    if not columns.size:
        return None
    return Box(max(cell.left + columns[0] - AROUND, 0), top, cell.left + columns[-1] + AROUND, bottom)


def _bands(cell: Box, boxes: list[Box], rules: Mapping[str, Any]) -> list[tuple[float, float]]:
    """Top and bottom of the lines that were detected in a cell, from the top."""
    clipped = [
        Box(max(box.left, cell.left), max(box.top, cell.top), min(box.right, cell.right), min(box.bottom, cell.bottom))
        for box in boxes
    ]
    held = [
        part
        for part, box in zip(clipped, boxes, strict=True)
        if part.height > box.height / 2 and part.width > min(0.4 * box.height, box.width / 2)
    ]
    return [
        (min(box.top for box in line), max(box.bottom for box in line))
        for line in _by_lines(held, lambda box: box, rules)
    ]


def _by_lines(items: Sequence[T], box_of: Callable[[T], Box], rules: Mapping[str, Any]) -> list[list[T]]:
    """Items that stand at the same height, from the top; within a line from the left."""
    lines: list[list[T]] = []
    for item in sorted(items, key=lambda one: box_of(one).middle):
        last = box_of(lines[-1][0]) if lines else None
        box = box_of(item)
        shared = min(box.bottom, last.bottom) - max(box.top, last.top) if last else 0
        if last and shared > rules["lines"]["same_line"] * min(box.height, last.height):
            lines[-1].append(item)
        else:
            lines.append([item])
    return [sorted(line, key=lambda one: box_of(one).left) for line in lines]


def in_order(read: list[tuple[Spot, Piece]], grids: list[RuledGrid], rules: Mapping[str, Any]) -> tuple[Block, ...]:
    """Lines and tables from the top of the page to its end."""
    free = _by_lines([one for one in read if one[0].cell is None], lambda one: one[0].box, rules)
    tables = [_table(number, grid, read) for number, grid in enumerate(grids)]
    placed: list[tuple[float, Block]] = [(grid.box.top, table) for grid, table in zip(grids, tables, strict=True)]
    placed += list(zip([line[0][0].box.top for line in free], _flowing(free, rules), strict=True))
    return without_page_number([block for _, block in sorted(placed, key=lambda one: one[0])])


def _table(number: int, grid: RuledGrid, read: list[tuple[Spot, Piece]]) -> RuledTable:
    held: dict[GridPlace, list[tuple[Piece, float, float]]] = {}
    for spot, piece in read:
        if spot.cell and spot.cell[0] == number:
            held.setdefault(spot.cell[1], []).append((piece, spot.box.right, spot.box.height))
    cells = tuple(
        RuledCell(place.row, place.column, place.rows, place.columns, in_cell(held.get(place, ()), place.box.right))
        for place in grid.places
    )
    return RuledTable(grid.row_count, grid.column_count, cells)


def _flowing(lines: list[list[tuple[Spot, Piece]]], rules: Mapping[str, Any]) -> Iterator[Line]:
    """Lines, each told whether the next goes on with it: it reaches the right margin, the next begins at the left."""
    if not lines:
        return
    left = min(line[0][0].box.left for line in lines)
    right = max(line[-1][0].box.right for line in lines)
    limits = rules["lines"]
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        height = line[0][0].box.height
        full = line[-1][0].box.right > right - limits["margin"] * height
        goes_on = following is not None and following[0][0].box.left < left + limits["margin"] * height
        near = following is not None and following[0][0].box.top - line[0][0].box.bottom < 2 * height
        pieces = _joined(line, limits["apart"])
        yield Line(pieces, full and goes_on and near and len(pieces) == 1)


def _joined(line: list[tuple[Spot, Piece]], apart: float) -> tuple[Piece, ...]:
    """The pieces of a line; neighbours that stand close together become one."""
    pieces: list[Piece] = []
    end = 0.0
    for spot, piece in line:
        close = bool(pieces) and spot.box.left - end < apart * spot.box.height
        pieces.append(_both(pieces.pop(), piece) if close else piece)
        end = spot.box.right
    return tuple(pieces)


def _both(one: Piece, other: Piece) -> Piece:
    agreed = all(piece.agreed for piece in (one, other) if figures_of(piece.text))
    confidence = min(one.confidence or Decimal(0), other.confidence or Decimal(0))
    return Piece(one.text + other.text, confidence, agreed and bool(figures_of(one.text + other.text)))
