"""What a report says, one claim a figure, with the exact words it stands in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from ingest.reading import grammar
from ingest.reading.lexer import Token

Verification = Literal["verified", "unverifiable", "contradicted"]

READER_VERSION = "2026.1"
ORIGIN_TEXT, ORIGIN_FORM = "narrative", "form"
PERCENT = Decimal(100)


@dataclass(frozen=True)
class Claim:
    """One statement of a report. `number` counts within the version; spans are code points of the document's text."""

    number: int
    kind: str
    subject: str | None
    surface: str
    role: str
    operator: str
    value: Decimal | None
    unit: str
    span_start: int
    span_end: int
    quote: str
    sentence: str
    section_path: str
    rule_ids: tuple[str, ...]
    value_high: Decimal | None = None
    value_text: str | None = None
    decimals: int = 0
    value_base: Decimal | None = None
    value_high_base: Decimal | None = None
    unit_base: str = ""
    unit_family: str = ""
    period_start: date | None = None
    period_end: date | None = None
    host: int | None = None
    origin: str = ORIGIN_TEXT
    verification: Verification = "unverifiable"

    @property
    def step(self) -> Decimal:
        """One unit of the last stated decimal, in the base unit: what rounding can hide."""
        if self.value is None or not self.value or self.value_base is None:
            return Decimal(0)
        return abs(self.value_base / self.value) * Decimal(1).scaleb(-self.decimals)

    def known(self, verification: Verification) -> Claim:
        """The same claim with what checking found about it."""
        return replace(self, verification=verification)


def in_base(token: Token, money_near: bool) -> tuple[Decimal | None, Decimal | None, str, str]:
    """Value and upper value in the base unit, the base unit and its family. A bare 万 or 亿 is money beside money."""
    unit = grammar.units().get(token.unit)
    if unit is None or token.value is None:
        return token.value, token.value_high, token.unit, ""
    base, family = unit.base, unit.family
    if not base and money_near:
        base, family = "元", "money"
    factor = Decimal(1) / PERCENT if family == "ratio" else unit.multiplier
    high = token.value_high * factor if token.value_high is not None else None
    return token.value * factor, high, "ratio" if family == "ratio" else base, family
