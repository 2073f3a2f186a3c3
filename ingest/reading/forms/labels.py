"""Labels with a value beside, below or behind them: base information, grades, and rows that give the total score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.documents import Cell
from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.forms import vocabulary
from ingest.reading.forms.cells import distinct, figures_of, holds_value, is_value, label_of, unit_in_notes
from ingest.reading.forms.layout import Layout, Placed
from ingest.reading.forms.ledger import About, Ledger, Line
from ingest.reading.forms.money import keep_amount
from ingest.reading.forms.vocabulary import Column

LONGEST_LABEL = 24


@dataclass(frozen=True)
class Pair:
    """A label and the cell with its value; `group` is the budget category of the cell that the pair stands behind."""

    label: str
    value: Cell
    group: str = ""


def pairs_of(line: Line, ledger: Ledger) -> Iterator[Pair]:
    """Labels that the grammar knows, each with the value in the next cell or behind its colon."""
    cells, group = distinct(line.cells), ""
    for place, cell in enumerate(cells):
        head, rest = _cut_at_colon(cell)
        if rest is not None and _known(head, group, ledger):
            yield Pair(head, rest, group)
        elif len(cell.text) <= LONGEST_LABEL and _known(cell.text, group, ledger):
            value = cells[place + 1] if place + 1 < len(cells) else None
            if value is not None and value.text.strip():
                yield Pair(cell.text, value, group)
        elif cell.text.strip():
            group = vocabulary.category_named(label_of(cell.text), ledger.reference) or ("" if place == 0 else group)


def read_pairs(ledger: Ledger, line: Line) -> list[Claim]:
    """The claims of all pairs of a row."""
    found = (keep_fact(ledger, line, pair.label, pair.value, pair.group) for pair in pairs_of(line, ledger))
    return [claim for claim in found if claim is not None]


def read_below(ledger: Ledger, layout: Layout, line: Line) -> bool:
    """The values of a row under a row of labels; false when one of them is no value."""
    pairs = [(placed, cell) for placed in layout.placed if (cell := placed.cell(line.cells))]
    if not pairs or not all(holds_value(cell.text) for _, cell in pairs):
        return False
    for placed, cell in pairs:
        keep_fact(ledger, line, placed.label, cell, "")
    return True


def keep_fact(ledger: Ledger, line: Line, label: str, value: Cell, group: str) -> Claim | None:
    """Write down what a label says of the value beside it; None when the value is none."""
    found = _known(label, group, ledger)
    if found is None:
        return None
    column, category = found
    if column.noise:
        ledger.classes[value] = column.noise
        return None
    surface = "".join(label.split())
    about = About(surface, category or (column.id if column.kind == "context" else None), (surface,))
    if column.kind == "grade":
        return _keep_grade(ledger, line, column, value, about)
    if not is_value(value.text) and not _one_figure(value):
        return None
    return keep_amount(ledger, line, column, value, about, unit_in_notes(label))


def _one_figure(value: Cell) -> bool:
    """Whether the words of a value hold one figure and are few (33人（其中参公5人） holds two)."""
    return holds_value(value.text) and bool(value.text.strip()) and any(figures_of(value))


def _known(label: str, group: str, ledger: Ledger) -> tuple[Column, str] | None:
    words = label_of(label)
    if not words:
        return None
    fact = vocabulary.facts().get(words) or vocabulary.facts().get(vocabulary.without_clutter(words))
    if fact is not None and not (group and fact.subject):
        return fact, fact.subject or ""
    return vocabulary.stage_and_category(words, group, ledger.reference)


def _cut_at_colon(cell: Cell) -> tuple[str, Cell | None]:
    """A label and the value behind its colon in one cell (编制人数：35)."""
    place = min((i for i in (cell.text.find(":"), cell.text.find("：")) if i >= 0), default=-1)
    rest = cell.text[place + 1 :]
    if place < 0 or place > LONGEST_LABEL or not rest.strip() or len(cell.text) != cell.end - cell.start:
        return cell.text, None
    skipped = len(rest) - len(rest.lstrip())
    return cell.text[:place], Cell(rest.strip(), cell.start + place + 1 + skipped, cell.start + len(cell.text.rstrip()))


def _keep_grade(ledger: Ledger, line: Line, column: Column, value: Cell, about: About) -> Claim | None:
    grades = grammar.load("grades")["grades"]
    ticked = grammar.named("forms", "ticked").search(value.text)
    word = ticked[1] if ticked else label_of(value.text)
    return ledger.keep_words(line, column, value, grades[word], replace(about, path=())) if word in grades else None


def is_total(line: Line, layout: Layout | None) -> bool:
    """Whether a row sums up: it begins with such a label, or holds one that only totals have."""
    labels = [label_of(_cut_at_colon(cell)[0]) for cell in distinct(line.cells) if cell.text.strip()]
    names_total = any(label in vocabulary.total_words("score") | vocabulary.total_words("reviewed") for label in labels)
    below_scores = layout is not None and layout.block.rows == "names"
    return names_total or bool(below_scores and labels and labels[0] in vocabulary.total_words("in_block"))


def read_totals(ledger: Ledger, layout: Layout | None, line: Line) -> list[Claim]:
    """The total score of a row: in the columns of the block above it, else right of its label."""
    in_columns = _totals_in_columns(ledger, layout, line) if layout is not None else []
    if any(claim.role in ("self", "reviewed") for claim in in_columns):
        return in_columns
    return in_columns + _totals_beside(ledger, line, full_is_known=bool(in_columns))


def _totals_in_columns(ledger: Ledger, layout: Layout, line: Line) -> list[Claim]:
    labels = [cell for cell in distinct(line.cells) if cell.text.strip() and not is_value(cell.text)]
    surface = "".join(labels[0].text.split()) if labels else ""
    found = []
    for name, column in vocabulary.totals().items():
        placed = layout.all_of(name)[-1:]
        cell = placed[0].cell(line.cells) if placed else None
        if cell is not None and is_value(cell.text) and _stays_in(placed[0], cell, line):
            found.append(keep_amount(ledger, line, column, cell, About(surface)))
    return [claim for claim in found if claim is not None]


def _stays_in(placed: Placed, cell: Cell, line: Line) -> bool:
    """Whether a cell is no wider than its column: one that is merged over others is a value beside a label."""
    return all(place in placed.places for place, other in enumerate(line.cells) if other == cell)


def _totals_beside(ledger: Ledger, line: Line, full_is_known: bool) -> list[Claim]:
    """Values that stand right of a label of the total: the last one is the score, one before it the full marks."""
    cells, found = distinct(line.cells), list[Claim | None]()
    for place, cell in enumerate(cells):
        head, rest = _cut_at_colon(cell)
        column = _total_column(label_of(head))
        if column is None:
            continue
        values = [rest] if rest is not None else _values_behind(cells[place + 1 :])
        about = About("".join(head.split()))
        if len(values) == 2 and not full_is_known:
            found.append(keep_amount(ledger, line, vocabulary.totals()["full"], values[0], about))
        if values:
            found.append(keep_amount(ledger, line, column, values[-1], about))
    return [claim for claim in found if claim is not None]


def _total_column(label: str) -> Column | None:
    if label in vocabulary.total_words("reviewed"):
        return vocabulary.totals()["reviewed_score"]
    known = vocabulary.total_words("score") | vocabulary.total_words("in_block")
    return vocabulary.totals()["item_score"] if label in known else None


def _values_behind(cells: list[Cell]) -> list[Cell]:
    """The values from here on, up to the next words."""
    values = []
    for cell in cells:
        if cell.text.strip() and not is_value(cell.text):
            break
        if any(character.isdigit() for character in cell.text):
            values.append(cell)
    return values
