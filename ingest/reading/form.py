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
            cell = _at(row, columns.get(column))
            claim = self._figure(cell, f"form.money.{column}", self.money_unit) if cell else None
            if claim:
                host = self._keep(replace(claim, kind=kind, role=role, subject=category, surface=label))
        cell = _at(row, columns.get("rate"))
        rate = self._figure(cell, "form.money.rate", "%") if cell else None
        if rate and host:
            self._keep(
                replace(_as_percent(rate), kind="execution_rate", role="stated", subject=category, host=host.number)
            )

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
        name = _at(row, columns.get("name"))
        if name is None or not name.text:
            return
        unit_cell, sign_cell = _at(row, columns.get("unit")), _at(row, columns.get("sign"))
        unit = unit_cell.text if unit_cell else ""
        sign = SIGNS.get(sign_cell.text.strip(), "") if sign_cell else ""
        host = None
        for column, role in (("target", "target"), ("actual", "actual")):
            cell = _at(row, columns.get(column))
            claim = (
                self._figure(cell, f"form.indicator.{column}", unit, sign if role == "target" else "") if cell else None
            )
            if claim:
                subject = self._indicator(name.text, claim.unit_family)
                host = self._keep(replace(claim, kind="indicator", role=role, subject=subject, surface=name.text))
        rate_cell = _at(row, columns.get("rate"))
        rate = self._figure(rate_cell, "form.indicator.rate", "%") if rate_cell else None
        if rate and host:
            self._keep(
                replace(
                    _as_percent(rate), kind="completion_rate", role="stated", subject=host.subject, host=host.number
                )
            )
        score_cell = _at(row, columns.get("item_score"))
        score = self._figure(score_cell, "form.item_score", "分") if score_cell else None
        if score and host:
            self._keep(replace(score, kind="score", role="item", surface=name.text, host=host.number))

    def _totals(self, row: Row) -> None:
        """Rows that give the total score and the grade: a label and, to its right, the value."""
        cells = list(dict.fromkeys(row))
        for label, value in pairwise(cells):
            if label.text.strip().rstrip(":：") in self.rules["totals"]["score"]:
                numbers = [cell for cell in cells[cells.index(label) + 1 :] if _is_number(cell.text)]
                claim = self._figure(numbers[-1], "form.total_score", "分") if numbers else None
                if claim:
                    self._keep(replace(claim, kind="score", role="self", surface=label.text))
            grades = grammar.load("grades")["grades"]
            if label.text.strip().rstrip(":：") in self.rules["totals"]["grade"] and value.text.strip() in grades:
                claim = self._draft(value, "form.grade")
                self._keep(replace(claim, kind="grade", role="self", value_text=grades[value.text.strip()]))

    def _indicator(self, name: str, family: str) -> str | None:
        found = [a for a in grammar.aliases(self.reference) if a.surface in name and a.unit_family == family]
        return found[0].indicator_key if found else None

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


def _at(row: Row, column: int | None) -> Cell | None:
    return row[column] if column is not None and column < len(row) and row[column].text.strip() else None
