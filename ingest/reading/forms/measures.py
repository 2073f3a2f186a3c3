"""The figures of targets and actuals: indicators, growths, ranks and forecasts; also those of goals in sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.forms.cells import MARKS, Figure, figures_of
from ingest.reading.forms.layout import Layout
from ingest.reading.forms.ledger import About, Ledger, Line
from ingest.reading.forms.vocabulary import Column

# What a bound becomes when a verb makes its figure negative: 下降 at least 3 % is at most -3 %.
FLIPPED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
LONGEST_SURFACE = 30
YEAR = re.compile(r"(?:19|20)\d{2}年度?(?:共|内)?")


@dataclass
class MeasureReader:
    """Figures of a target or an actual: indicator, growth or rank. `grows` is the change word of the row's target."""

    ledger: Ledger
    line: Line
    column: Column
    grows: grammar.Words | None

    def read(self, figure: Figure, unit: str, operator: str, about: About) -> Claim:
        """Write down one figure; `unit` and `operator` are used where it has none of its own."""
        if operator and figure.token.operator == "=":
            figure = replace(figure, token=replace(figure.token, operator=operator))
        column = self._column(figure)
        claim = self.ledger.keep_figure(self.line, column, figure, unit, about)
        own = change_before(figure)
        change = own or (self.grows if about.host is None or about.host.kind == "growth" else None)
        if change is not None and claim.unit_family == "ratio":
            return self._growth(claim, change, about.surface, negative_already=(claim.value or 0) < 0)
        subject = indicator_of(self.ledger, about.surface, claim.unit_family)
        return self._with_subject(claim, subject)

    def _column(self, figure: Figure) -> Column:
        if figure.token.kind == "rank":
            return replace(self.column, kind="indicator_rank")
        forecast = self.column.role == "actual" and grammar.named("forms", "forecast")
        return replace(self.column, role="forecast") if forecast and forecast.search(figure.before) else self.column

    def _growth(self, claim: Claim, change: grammar.Words, surface: str, negative_already: bool) -> Claim:
        """A growth carries the sign of its verb, and its bound turns with it."""
        subject = indicator_of(self.ledger, surface, None)
        changes: dict[str, object] = {"kind": "growth", "subject": subject}
        if (
            change.says["sign"] < 0
            and not negative_already
            and claim.value is not None
            and claim.value_base is not None
        ):
            changes |= {"value": -claim.value, "value_base": -claim.value_base}
            changes |= {"operator": FLIPPED.get(claim.operator, claim.operator)}
            if claim.value_high is not None and claim.value_high_base is not None:
                changes |= {"value": -claim.value_high, "value_base": -claim.value_high_base}
                changes |= {"value_high": -claim.value, "value_high_base": -claim.value_base}
        return self.ledger.change(claim, change.id, **changes)

    def _with_subject(self, claim: Claim, subject: str | None) -> Claim:
        return self.ledger.change(claim, f"alias.{claim.surface}", subject=subject) if subject else claim


@dataclass
class GoalRows:
    """Rows below 预期目标 and 实际完成情况: sentences, each figure of which is a target or an actual of its own."""

    ledger: Ledger
    layout: Layout

    def read(self, line: Line) -> bool:
        """Read a row; false when it has no figures in these columns."""
        before = len(self.ledger.claims)
        for placed in self.layout.placed:
            for cell in placed.cells(line.cells) if placed.column.kind else ():
                reader = MeasureReader(self.ledger, line, placed.column, None)
                for figure in figures_of(cell):
                    reader.read(figure, "", "", About(surface_of(figure.before)))
        return len(self.ledger.claims) > before


def indicator_of(ledger: Ledger, name: str, family: str | None) -> str | None:
    """The indicator that a name bears; its unit family must agree, where one is asked for."""
    known = grammar.aliases(ledger.reference)
    found = (alias for alias in known if alias.surface in name and family in (None, alias.unit_family))
    return next((alias.indicator_key for alias in found), None)


def change_before(figure: Figure) -> grammar.Words | None:
    """The change word of the clause before a figure in percent (增长5.7%), unless a level follows (提高到90%)."""
    words = MARKS.split(figure.before)[-1]
    if figure.token.unit not in ("%", "个百分点", "") or not words:
        return None
    if grammar.named("forms", "level_follows").search(words):
        return None
    return grammar.best(grammar.words_of("forms", "changes"), words)


def surface_of(before: str) -> str:
    """The words before a figure as a name."""
    words = [part for part in MARKS.split(YEAR.sub("", before)) if part]
    return words[-1][-LONGEST_SURFACE:] if words else ""
