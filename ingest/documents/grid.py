"""Sparse grids of cells, as spreadsheets and HTML have them, written into a document as one table each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.documents.document import Cell, DocumentError, Place, Table, TextBuilder

MAX_CELLS = 2_000_000

# Top, left, bottom and right of a merged range, counted from 0, all inclusive.
Range = tuple[int, int, int, int]
# Names the place of a row's cells: given the row, a function from the column to the label.
Labels = Callable[[int], Callable[[int], str]]


@dataclass
class Grid:
    """Cells that hold something, by row and column counted from 0; far cells cost no more than near ones."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    errors: set[tuple[int, int]] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncalculated: int = 0
    count: int = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Set a cell. Raises `DocumentError` when there are too many."""
        self.rows.setdefault(row, {})[column] = text
        self.count += 1
        if self.count > MAX_CELLS:
            raise DocumentError("TOO_LARGE", f"more than {MAX_CELLS} cells")

    @property
    def hides(self) -> bool:
        """Whether a cell that holds something is not shown."""
        return bool(self.hidden_rows & self.rows.keys()) or any(
            self.hidden_columns & row.keys() for row in self.rows.values()
        )


def add_grid(builder: TextBuilder, grid: Grid, labels: Labels) -> None:
    """Write the rows and columns that are shown and hold something: cells end in a tab, rows in a line end."""
    numbers = sorted(row for row, cells in grid.rows.items() if cells and row not in grid.hidden_rows)
    columns = _columns(grid)
    if not numbers or not columns:
        return
    if len(numbers) * len(columns) > MAX_CELLS:
        raise DocumentError("TOO_LARGE", f"a table of {len(numbers)} rows and {len(columns)} columns")
    origins = _origins(grid, numbers, columns)
    placed: dict[tuple[int, int], Cell] = {}
    rows: list[tuple[Cell, ...]] = []
    for number in numbers:
        held = grid.rows[number]
        label = labels(number)
        covered = origins.get(number)
        cells: list[Cell] = []
        for column in columns:
            origin = covered.get(column) if covered else None
            cell = placed.get(origin) if origin else None
            if cell is None:
                text = grid.rows.get(origin[0], {}).get(origin[1], "") if origin else held.get(column, "")
                shown = "" if (origin or (number, column)) in grid.errors else text
                start = builder.length
                builder.places.append(Place(start, labels(origin[0])(origin[1]) if origin else label(column)))
                builder.parts.append(text)
                builder.length += len(text) + 1
                cell = Cell(shown, start, start + len(text))
                if origin:
                    placed[origin] = cell
            else:
                builder.length += 1
            builder.parts.append("\t")
            cells.append(cell)
        builder.add("\n")
        rows.append(tuple(cells))
    builder.tables.append(Table(tuple(rows)))


def _columns(grid: Grid) -> list[int]:
    """Columns that hold something, or that a merged cell with text covers before the last of them."""
    held: set[int] = set()
    for cells in grid.rows.values():
        held.update(cells)
    if not held:
        return []
    last = max(held)
    for top, left, _, right in grid.merged:
        if left in grid.rows.get(top, {}):
            held.update(range(left, min(right, last) + 1))
    return sorted(held - grid.hidden_columns)


def _origins(grid: Grid, numbers: list[int], columns: list[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """For each row the columns that a merged range covers, with the cell that holds the range's text."""
    found: dict[int, dict[int, tuple[int, int]]] = {}
    covered = 0
    for top, left, bottom, right in grid.merged:
        across = columns[bisect_left(columns, left) : bisect_right(columns, right)]
        down = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
        covered += len(across) * len(down)
        if covered > MAX_CELLS:
            raise DocumentError("TOO_LARGE", "merged ranges that cover more cells than the limit")
        for row in down:
            found.setdefault(row, {}).update(dict.fromkeys(across, (top, left)))
    return found


def letters(column: int) -> str:
    """A column's name in spreadsheets: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def sheet_labels(name: str) -> Labels:
    """Places in a worksheet, as its program names them."""
    names: dict[int, str] = {}

    def row_labels(row: int) -> Callable[[int], str]:
        def label(column: int) -> str:
            if column not in names:
                names[column] = f"工作表“{name}”{letters(column)}"
            return f"{names[column]}{row + 1}单元格"

        return label

    return row_labels


def table_labels(number: int) -> Labels:
    """Places in a document's table, counted from 1."""

    def row_labels(row: int) -> Callable[[int], str]:
        return lambda column: f"表{number}第{row + 1}行第{column + 1}列"

    return row_labels
