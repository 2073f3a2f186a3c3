"""Claims of a form as they are found: numbered, with the words of their row and their place in the form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from ingest.documents import Cell, Document
from ingest.reading import grammar
from ingest.reading.claims import ORIGIN_FORM, Claim, measured
from ingest.reading.forms.cells import Figure, Row, distinct
from ingest.reading.forms.vocabulary import Column
from ingest.reading.lexer import period_of

LONGEST_SENTENCE = 600


@dataclass(frozen=True)
class Line:
    """One row of a form: its cells, its words, and the place of its table."""

    cells: Row
    words: str
    place: str

    @classmethod
    def of(cls, row: Row, place: str) -> Line:
        """The row with its words as one line."""
        words = " ".join(" ".join(cell.text.split()) for cell in distinct(row) if cell.text.strip())
        return cls(row, words[:LONGEST_SENTENCE], place)


@dataclass(frozen=True)
class About:
    """What a row or a label says of its figures before one looks at them."""

    surface: str = ""
    subject: str | None = None
    path: tuple[str, ...] = ()
    host: Claim | None = None


@dataclass
class Ledger:
    """The claims of one document's forms. `money_unit` is the unit of amounts that name none, table by table; `classes`
    are the cells seen so far with the class of their digits, where none of them is a figure.
    """

    document: Document
    fiscal_year: int
    reference: Path
    first_number: int
    money_unit: str = ""
    claims: list[Claim] = field(default_factory=list)
    classes: dict[Cell, str] = field(default_factory=dict)

    def unit_of(self, column: Column, *known: str) -> str:
        """The unit of a figure that names none: the first one known, else its column's."""
        unit = next(filter(None, known), column.unit)
        return self.money_unit if unit == "money" else unit

    def keep_figure(self, line: Line, column: Column, figure: Figure, unit: str, about: About) -> Claim:
        """Write down a figure; `unit` is used where it names none, and behind a bare 万."""
        token = figure.token
        joined = token.unit + unit
        if not token.unit or (joined in grammar.units() and not grammar.units()[token.unit].base):
            token = replace(token, unit=joined)
        money_near = grammar.units().get(unit, grammar.Unit(Decimal(1), "", "")).family == "money" or speaks_of_money(
            about.surface
        )
        start, end = self._period(figure)
        claim = self._draft(line, column, about, figure.start, figure.end)
        said = measured(token, money_near) | {"period_start": start, "period_end": end}
        return self.keep(replace(claim, figure_start=figure.own[0], figure_end=figure.own[1], **said), *claim.rule_ids)

    def keep_words(self, line: Line, column: Column, cell: Cell, words: str, about: About) -> Claim:
        """Write down a value that is no figure, such as a grade, 完成 or 不适用."""
        claim = self._draft(line, column, about, cell.start, cell.end)
        return self.keep(replace(claim, value_text=words), *claim.rule_ids)

    def keep(self, claim: Claim, *rules: str) -> Claim:
        """Write down a claim under the next number."""
        numbered = replace(claim, number=self.first_number + len(self.claims), rule_ids=rules)
        self.claims.append(numbered)
        return numbered

    def change(self, claim: Claim, rule: str, **changes: object) -> Claim:
        """Correct the claim that was written down last; `rule` is the one that says so."""
        changed = replace(claim, rule_ids=(*claim.rule_ids, rule), **changes)  # type: ignore[arg-type]
        self.claims[claim.number - self.first_number] = changed
        return changed

    def _draft(self, line: Line, column: Column, about: About, start: int, end: int) -> Claim:
        begins, ends = period_of(self.fiscal_year)
        return Claim(
            number=0,
            kind=column.kind,
            subject=column.subject or about.subject,
            surface=about.surface,
            role=column.role,
            operator="=",
            value=None,
            unit="",
            span_start=start,
            span_end=end,
            quote=self.document.text[start:end],
            sentence=line.words,
            section_path=" > ".join(filter(None, (line.place, *about.path))),
            rule_ids=(column.rule,),
            period_start=begins,
            period_end=ends,
            host=about.host.number if about.host else None,
            origin=ORIGIN_FORM,
        )

    def _period(self, figure: Figure) -> tuple[date, date]:
        """The fiscal year, unless the cell names months or a year beside it."""
        year = figure.year if figure.year and abs(figure.year - self.fiscal_year) <= 1 else self.fiscal_year
        months = figure.months or (1, 12)
        return period_of(year, *months) if 1 <= months[0] <= months[1] <= 12 else period_of(year)


def speaks_of_money(words: str) -> bool:
    """Whether the words of a name speak of money, so that a bare 万 behind it is one of 元."""
    return bool(grammar.named("forms", "money_names").search(words))


def as_ratio(ledger: Ledger, claim: Claim) -> Claim:
    """A percentage that was stored as a ratio (0.9238 for 92.38 %): the same figure in percent."""
    if claim.value is None:
        return claim
    return ledger.change(
        claim,
        "form.ratio",
        value=claim.value * 100,
        value_base=claim.value,
        decimals=max(claim.decimals - 2, 0),
    )
