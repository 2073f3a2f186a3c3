"""What a report says, one claim a figure, with the exact words it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from ingest.reading import grammar
from ingest.reading.lexer import Token

Verification = Literal["verified", "unverifiable", "contradicted"]

READER_VERSION = "2026.2"
ORIGIN_TEXT, ORIGIN_FORM, ORIGIN_OCR = "narrative", "form", "ocr"


@dataclass(frozen=True)
class Claim:
    """One statement of a report. `number` counts within the version; spans are code points of the document's text.

    `span_start` and `span_end` bound the quotation, `figure_start` and `figure_end` the figure inside it.
    """

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
    scale: Decimal = Decimal(1)
    period_start: date | None = None
    period_end: date | None = None
    host: int | None = None
    origin: str = ORIGIN_TEXT
    confidence: Decimal = Decimal(1)
    figure_start: int = -1
    figure_end: int = -1
    verification: Verification = "unverifiable"

    @property
    def figure(self) -> tuple[int, int]:
        """The figure's own span; that of the quotation where the reader took the whole (a cell of a form)."""
        return (self.figure_start, self.figure_end) if self.figure_start >= 0 else (self.span_start, self.span_end)

    @property
    def step(self) -> Decimal:
        """One unit of the last stated decimal, in the base unit: what rounding can hide."""
        return self.scale * Decimal(1).scaleb(-self.decimals)

    def known(self, verification: Verification) -> Claim:
        """The same claim with what checking found about it."""
        return self.changed(verification=verification)

    def changed(self, **fields: Any) -> Claim:
        """The same claim with other values of some fields; a reader does this so often that `replace` is too slow."""
        claim = object.__new__(Claim)
        claim.__dict__.update(self.__dict__, **fields)
        return claim


def claim_id_of(version_id: str, number: int) -> str:
    """The key of a claim: its version and its number in it."""
    return f"{version_id}-{number:04d}"


def measured(token: Token, money_near: bool) -> dict[str, Any]:
    """What a figure alone gives a claim, with values in the base unit. A bare 万 or 亿 is money beside money."""
    unit = grammar.unit_of(token.unit)
    base, family, scale = unit.base, unit.family, unit.multiplier
    if not base and token.unit and money_near:
        base, family = "元", "money"
    return {
        "operator": token.operator,
        "value": token.value,
        "value_high": token.value_high,
        "decimals": token.decimals,
        "unit": token.unit,
        "value_base": token.value * scale if token.value is not None else None,
        "value_high_base": token.value_high * scale if token.value_high is not None else None,
        "unit_base": base,
        "unit_family": family,
        "scale": scale,
    }
