"""The interpreter of score forms (自评表): header rows say what a column holds, the row says whose figure it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from ingest.documents import Cell, Document, Table
from ingest.reading import grammar
from ingest.reading.claims import ORIGIN_FORM, Claim, measured
from ingest.reading.lexer import Token, period_of, tokens_of

Row = tuple[Cell, ...]
MONEY_ROLES = {
    "initial": ("budget", "initial"),
    "adjusted": ("budget", "adjusted"),
    "executed": ("expenditure", "actual"),
}
SIGNS = {"≥": ">=", ">=": ">=", "＞": ">", ">": ">", "≤": "<=", "<=": "<=", "＜": "<", "<": "<", "=": "=", "＝": "="}


@dataclass
class FormReader:
    """Reads the tables of one document. Amounts without a unit are in the form's unit, 万元 unless it says another."""

    document: Document
    fiscal_year: int
    reference: Path
    first_number: int = 1
    claims: list[Claim] = field(default_factory=list)

    def read(self) -> list[Claim]:
        """All claims of all tables, in order of rows."""
        self.rules = grammar.load("forms")
        stated = re.search(self.rules["money_unit"], self.document.text)
        self.money_unit = stated[1] if stated else self.rules["default_money_unit"]
        for table in self.document.tables:
            self._read_table(table)
        return self.claims

    def _read_table(self, table: Table) -> None:
        block, columns = "", dict[str, int]()
        for row in table.rows:
            header = self._header(row)
            if header:
                block, columns = header
                continue
            self._totals(row)
            if block == "money":
                self._money_row(row, columns)
            elif block == "indicators":
                self._indicator_row(row, columns)

    def _header(self, row: Row) -> tuple[str, dict[str, int]] | None:
        """The block that a row of column names opens, and where its columns stand."""
        for block in ("money", "indicators"):
            names = self.rules[block]["columns"]
            columns = {
                column: index
                for column, words in names.items()
                for index, cell in enumerate(row)
                if any(re.sub(r"[（(].*", "", cell.text).strip() == word for word in words)
            }
            if len(columns) >= self.rules[block]["least"]:
                return block, columns
        return None

    def _money_row(self, row: Row, columns: dict[str, int]) -> None:
        category, label = self._row_category(row, columns)
        if not category:
            return
        host: Claim | None = None
        for column, (kind, role) in MONEY_ROLES.items():
            claim = self._at(row, columns, column, f"form.money.{column}", self.money_unit)
            if claim:
                host = self._keep(replace(claim, kind=kind, role=role, subject=category, surface=label))
        self._keep_rate(row, columns, "execution_rate", host)

    def _keep_rate(self, row: Row, columns: dict[str, int], kind: str, host: Claim | None) -> None:
        rate = self._at(row, columns, "rate", f"form.{kind}", "%")
        if rate and host:
            self._keep(replace(_as_percent(rate), kind=kind, role="stated", subject=host.subject, host=host.number))

    def _row_category(self, row: Row, columns: dict[str, int]) -> tuple[str, str]:
        """The budget category that the cells before the first amount name."""
        first = min((columns[column] for column in MONEY_ROLES if column in columns), default=0)
        label = next((cell.text for cell in reversed(row[:first]) if cell.text), "")
        for category, words in self.rules["money"]["rows"].items():
            if any(word in label for word in words):
                return category, label
        found = grammar.best(grammar.categories(self.reference), label)
        return (found.id if found else ""), label

    def _indicator_row(self, row: Row, columns: dict[str, int]) -> None:
        name = _cell(row, columns, "name")
        if name is None:
            return
        unit, sign = _text(row, columns, "unit"), SIGNS.get(_text(row, columns, "sign"), "")
        grows = self._grows(row, columns)
        host: Claim | None = None
        for role in ("target", "actual"):
            claim = self._at(row, columns, role, f"form.indicator.{role}", unit, sign if role == "target" else "")
            if claim:
                subject = self._indicator(name.text, None if grows else claim.unit_family)
                kind = "growth" if grows else "indicator"
                host = self._keep(replace(claim, kind=kind, role=role, subject=subject, surface=name.text))
        self._keep_rate(row, columns, "completion_rate", host)
        score = self._at(row, columns, "item_score", "form.item_score", "分")
        if score and host:
            self._keep(replace(score, kind="score", role="item", surface=name.text, host=host.number))

    def _totals(self, row: Row) -> None:
        """Rows that give the total score and the grade: a label and, to its right, the value."""
        cells = list(dict.fromkeys(row))
        grades = grammar.load("grades")["grades"]
        for place, (label, value) in enumerate(pairwise(cells)):
            words = label.text.strip().rstrip(":：")
            if words in self.rules["totals"]["score"]:
                numbers = [cell for cell in cells[place + 1 :] if _is_number(cell.text)]
                claim = self._figure(numbers[-1], "form.total_score", "分") if numbers else None
                if claim:
                    self._keep(replace(claim, kind="score", role="self", surface=words))
            if words in self.rules["totals"]["grade"] and value.text.strip() in grades:
                grade = grades[value.text.strip()]
                self._keep(replace(self._draft(value, "form.grade"), kind="grade", role="self", value_text=grade))

    def _grows(self, row: Row, columns: dict[str, int]) -> bool:
        """Whether the row's target is a growth (增长5.7%), so that its actual is one too."""
        return grammar.best(grammar.words_of("money", "changes"), _text(row, columns, "target")) is not None

    def _indicator(self, name: str, family: str | None) -> str | None:
        """The indicator that a name bears; its unit family must agree, except for growth, which is always a ratio."""
        known = grammar.aliases(self.reference)
        found = [alias for alias in known if alias.surface in name and family in (None, alias.unit_family)]
        return found[0].indicator_key if found else None

    def _at(self, row: Row, columns: dict[str, int], column: str, rule: str, unit: str, sign: str = "") -> Claim | None:
        """The figure in one column of a row, or None when the form has no such column or no figure there."""
        cell = _cell(row, columns, column)
        return self._figure(cell, rule, unit, sign) if cell else None

    def _figure(self, cell: Cell, rule: str, unit: str, sign: str = "") -> Claim | None:
        """The figure of a cell; `unit` is used where the cell names none."""
        token = next(_figures(cell.text), None)
        if token is None:
            return None
        token = replace(token, unit=token.unit or unit, operator=sign or token.operator)
        return replace(self._draft(cell, rule), **measured(token, money_near=True))

    def _draft(self, cell: Cell, rule: str) -> Claim:
        start, end = period_of(self.fiscal_year)
        return Claim(
            number=self.first_number + len(self.claims),
            kind="figure",
            subject=None,
            surface="",
            role="unknown",
            operator="=",
            value=None,
            unit="",
            span_start=cell.start,
            span_end=cell.end,
            quote=self.document.text[cell.start : cell.end],
            sentence=self._line(cell),
            section_path=self.document.place_of(cell.start),
            rule_ids=(rule,),
            period_start=start,
            period_end=end,
            origin=ORIGIN_FORM,
        )

    def _line(self, cell: Cell) -> str:
        """The row of the form that the cell stands in, as one line."""
        text = self.document.text
        begin = text.rfind("\n", 0, cell.start) + 1
        end = text.find("\n", cell.end)
        return " ".join(text[begin : end if end >= 0 else len(text)].split())

    def _keep(self, claim: Claim) -> Claim:
        numbered = replace(claim, number=self.first_number + len(self.claims))
        self.claims.append(numbered)
        return numbered


def _figures(text: str) -> Iterator[Token]:
    for sign, operator in SIGNS.items():
        if text.startswith(sign):
            return (replace(token, operator=operator) for token in _figures(text[len(sign) :].strip()))
    return (token for token in tokens_of(text.replace("％", "%").replace("，", ",")) if token.kind == "quantity")


def _as_percent(claim: Claim) -> Claim:
    """A rate cell without a percent sign holds a ratio when it is small (0.9238), else a percentage."""
    if "%" in claim.quote or "％" in claim.quote or claim.value is None or claim.value > 3:
        return claim
    return replace(claim, value=claim.value * 100, value_base=claim.value, decimals=max(claim.decimals - 2, 0))


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d+(?:\.\d+)?分?", text.strip()))


def _cell(row: Row, columns: dict[str, int], column: str) -> Cell | None:
    place = columns.get(column)
    return row[place] if place is not None and place < len(row) and row[place].text.strip() else None


def _text(row: Row, columns: dict[str, int], column: str) -> str:
    cell = _cell(row, columns, column)
    return cell.text.strip() if cell else ""
