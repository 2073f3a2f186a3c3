"""Money blocks: amounts by budget category, with the execution rate and the points that it earns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.documents import Cell
from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.forms import vocabulary
from ingest.reading.forms.cells import distinct, figures_of, holds_value, is_value, label_of, unit_in_notes
from ingest.reading.forms.layout import Layout, Placed, stage_of
from ingest.reading.forms.ledger import About, Ledger, Line, as_ratio
from ingest.reading.forms.vocabulary import Column

# A rate without a percent sign up to this is a ratio (0.9238), above it a percentage (92.38).
HIGHEST_RATIO = 3


@dataclass
class MoneyRows:
    """Rows below a header of stages (年初预算数, 全年执行数): each row is a category."""

    ledger: Ledger
    layout: Layout
    rows_read: int = 0

    def read(self, line: Line) -> bool:
        """Read a row; false when it is none of this block."""
        amounts = [placed for placed in self.layout.placed if placed.column.unit == "money"]
        cells = [cell for placed in amounts for cell in placed.cells(line.cells)]
        if not cells or not all(holds_value(cell.text) for cell in cells):
            return False
        labels = self._labels(line)
        about = self._about(labels)
        unit = next((unit for label in labels if (unit := unit_in_notes(label.text))), "")
        kept: dict[str, Claim] = {}
        for placed in self.layout.placed:
            claim = self._keep(line, placed, about, unit, kept) if placed.column.kind else None
            if claim is not None:
                kept.setdefault(placed.column.id, claim)
        self.rows_read += 1
        return bool(kept)

    def _keep(self, line: Line, placed: Placed, about: About, unit: str, kept: dict[str, Claim]) -> Claim | None:
        cell, column = placed.cell(line.cells), placed.column
        hosts = list(kept.values())
        host = kept.get(column.host) or (hosts[0] if hosts and column.unit != "money" else None)
        about = replace(about, subject=_narrower(about.subject, placed.category), host=host)
        if column.kind == "score":
            about = replace(about, subject=None)
        units = (placed.unit, unit) if column.unit == "money" else (placed.unit,)
        return keep_amount(self.ledger, line, column, cell, about, *units) if cell else None

    def _labels(self, line: Line) -> list[Cell]:
        """The cells that name a row: those left of its first amount, the nearest first."""
        first = min(min(placed.places) for placed in self.layout.placed if placed.column.kind)
        cells = distinct(line.cells[:first])
        return [cell for cell in reversed(cells) if cell.text.strip() and not is_value(cell.text)]

    def _about(self, labels: list[Cell]) -> About:
        """The category that the label nearest to the amounts names. Where the cell before it names another part of
        the budget, the row is a part of both and has no category of its own.
        """
        if not labels:
            return About(subject="total" if self.rows_read == 0 else None)
        reference = self.ledger.reference
        category = vocabulary.category_in(label_of(labels[0].text), reference)
        groups = {vocabulary.category_named(label_of(label.text), reference) for label in labels[1:]}
        surface = "".join(labels[0].text.split())
        crossed = category not in (None, "total") and bool(groups - {None, "total", category})
        return About(surface, None if crossed else category, (surface,))


@dataclass
class StageRows:
    """Rows below a header of categories (合计, 基本支出): each row is a stage of the budget."""

    ledger: Ledger
    layout: Layout

    def __post_init__(self) -> None:
        self.spent: dict[str, Claim] = {}

    def read(self, line: Line) -> bool:
        """Read a row; false when its label is no stage of the budget."""
        stage = stage_of(line.cells, self.layout, self.ledger.reference)
        if stage is None:
            return False
        first = min(min(placed.places) for placed in self.layout.placed)
        label = next((cell.text for cell in reversed(line.cells[:first]) if cell.text.strip()), "")
        for placed in self.layout.placed:
            cell = placed.cell(line.cells)
            host = self.spent.get(placed.category) if stage.host else None
            about = About("".join(label.split()), placed.category, ("".join(label.split()),), host)
            units = (placed.unit, unit_in_notes(label)) if stage.unit == "money" else ()
            claim = keep_amount(self.ledger, line, stage, cell, about, *units) if cell else None
            if claim is not None and claim.kind == "expenditure":
                self.spent[placed.category] = claim
        return True


def keep_amount(ledger: Ledger, line: Line, column: Column, cell: Cell, about: About, *units: str) -> Claim | None:
    """The first figure of a cell as an amount, a rate or points; None when it has none."""
    figure = next((figure for figure in figures_of(cell) if figure.token.kind == "quantity"), None)
    if figure is None:
        return None
    claim = ledger.keep_figure(line, column, figure, ledger.unit_of(column, *units), about)
    written = figure.token.unit or (units[0] if units else "")
    if column.kind == "execution_rate" and not written and claim.value is not None and claim.value <= HIGHEST_RATIO:
        return as_ratio(ledger, claim)
    if column.role == "adjustment":
        return _signed(ledger, claim, figure.before + about.surface, cell)
    return claim


def _signed(ledger: Ledger, claim: Claim, words: str, cell: Cell) -> Claim:
    """An adjustment is negative where words (调减) or an accountant's brackets say so."""
    found = grammar.best(grammar.words_of("forms", "adjustments"), words)
    bracketed = cell.text.strip()[:1] in ("(", "（") and cell.text.strip()[-1:] in (")", "）")
    negative = bracketed or (found is not None and found.says["sign"] < 0)
    if not negative or claim.value is None or claim.value_base is None or claim.value <= Decimal(0):
        return claim
    rule = found.id if found is not None else "form.bracketed"
    return ledger.change(claim, rule, value=-claim.value, value_base=-claim.value_base)


def _narrower(row: str | None, column: str) -> str | None:
    """The category of a cell whose row and column both may name one: the one that is a part of the total."""
    if not column or row == column:
        return row
    if row in (None, "total"):
        return column
    return row if column == "total" else None
