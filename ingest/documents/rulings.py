"""Ruled tables: from the boxes of cells to rows and columns, and from a picture's ruled lines to boxes of cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

# Pictures are arrays of uint8, height by width; numpy is imported where they are worked on.
Picture = Any
# How many times the least length of a line may be bridged where something hides it.
BRIDGED = 4


@dataclass(frozen=True)
class Box:
    """A rectangle; y grows downwards, in pixels of a picture or points of a page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The height at which it stands on the page."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class GridPlace:
    """Where a cell stands in its table, rows and columns from 0, and its box on the page."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True)
class RuledGrid:
    """The cells of one ruled table, row by row, and the edges between its columns (`xs`) and rows (`ys`)."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    places: tuple[GridPlace, ...]

    @property
    def box(self) -> Box:
        """The whole table."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    @property
    def row_count(self) -> int:
        """Rows, where none is merged."""
        return len(self.ys) - 1

    @property
    def column_count(self) -> int:
        """Columns, where none is merged."""
        return len(self.xs) - 1

    @cached_property
    def _owners(self) -> dict[tuple[int, int], GridPlace]:
        return {
            (row, column): place
            for place in self.places
            for row in range(place.row, place.row + place.rows)
            for column in range(place.column, place.column + place.columns)
        }

    def place_at(self, x: float, y: float) -> GridPlace | None:
        """The cell that holds a point; None outside of the table and where it has no cell."""
        return self._owners.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))


def grid_of(boxes: Sequence[Box], tolerance: float) -> RuledGrid:
    """Rows and columns of cells whose edges are the same within `tolerance`; a merged cell covers several."""
    xs = _edges([edge for box in boxes for edge in (box.left, box.right)], tolerance)
    ys = _edges([edge for box in boxes for edge in (box.top, box.bottom)], tolerance)
    places = []
    for box in sorted(boxes, key=lambda one: (_nearest(ys, one.top), one.left)):
        left, right = _nearest(xs, box.left), _nearest(xs, box.right)
        top, bottom = _nearest(ys, box.top), _nearest(ys, box.bottom)
        places.append(GridPlace(top, left, max(bottom - top, 1), max(right - left, 1), box))
    return RuledGrid(tuple(xs), tuple(ys), tuple(places))


def find_grids(
    gray: Picture, hidden: Picture, dark: int, least_length: int, least_cells: int, most_cells: int
) -> tuple[list[RuledGrid], Picture]:
    """Ruled tables of an upright picture, and a mask of their lines.

    A line is a run of pixels darker than `dark` of at least `least_length`. A cell is a region that lines enclose, so
    that merged cells come out whole. Frames with fewer than `least_cells` cells are no tables, nor are patterns with
    more than `most_cells`. Where something lay over the page (`hidden`), lines are taken to go on below it.
    """
    import cv2
    import numpy as np

    ink = (gray < dark).astype(np.uint8)
    lines = np.zeros_like(ink)
    for kernel in ((least_length, 1), (1, least_length)):
        runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8))
        # What hides a line for a moment (a speck, a fold) must not open the cell.
        lines |= cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones(kernel[::-1], np.uint8))
        below = tuple(BRIDGED * side if side > 1 else 1 for side in kernel[::-1])
        lines |= cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones(below, np.uint8)) & hidden
    lines = cv2.dilate(lines, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    grids: list[RuledGrid] = []
    mask = np.zeros_like(lines)
    for label in range(1, count):
        x, y, width, height, _area = (int(value) for value in stats[label])
        if min(width, height) < least_length / 2:
            continue
        own = (labels[y : y + height, x : x + width] == label).astype(np.uint8)
        boxes = _enclosed(own, x, y)
        if least_cells <= len(boxes) <= most_cells:
            grids.append(grid_of(boxes, tolerance=least_length / 5))
            mask[y : y + height, x : x + width] |= own
    return sorted(grids, key=lambda grid: grid.box.top), mask


def _enclosed(lines: Picture, x: int, y: int) -> list[Box]:
    """Regions between lines that do not reach the edge of the table, and that are rectangles."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(1 - lines, connectivity=4)
    height, width = lines.shape
    found = []
    for left, top, across, down, area in stats[1:count].tolist():
        inside = left > 0 and top > 0 and left + across < width and top + down < height
        if inside and min(across, down) >= 8 and area > 0.8 * across * down:
            found.append(Box(x + left, y + top, x + left + across, y + top + down))
    return found


def _edges(values: list[float], tolerance: float) -> list[float]:
    """Values that lie close to each other, as one: the mean of each run."""
    runs: list[list[float]] = []
    for value in sorted(values):
        if runs and value - runs[-1][-1] <= tolerance:
            runs[-1].append(value)
        else:
            runs.append([value])
    return [sum(run) / len(run) for run in runs]


def _nearest(edges: list[float], value: float) -> int:
    index = bisect_left(edges, value)
    return min(range(max(index - 1, 0), min(index + 1, len(edges))), key=lambda near: abs(edges[near] - value))
