"""One observation on a report: something recomputed, compared or counted, that informs and never returns a report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.checking.case import plain
from ingest.checking.interval import Interval, decimal_of
from ingest.reading.claims import Claim

PERCENT = 100


@dataclass(frozen=True)
class Observation:
    """What was looked at and what came of it.

    `kind` is the type of check (sum, ratio, drift ...), `verdict` its outcome, both words of `observations.yaml`; a
    verdict may end in the difference found (residual_0.05). `stated` is what the report says and `recomputed` what
    comes out, both in the unit of the first claim as written (万元, %, 宗), or a count of what the kind counts.
    `formula` is the arithmetic in figures. `severity` is P2 where somebody should look, else info.
    """

    kind: str
    verdict: str
    claims: tuple[Claim, ...]
    stated: Decimal | None
    recomputed: Decimal | None
    formula: str
    severity: str

    @property
    def word(self) -> str:
        """The verdict without the difference at its end: residual for residual_0.05."""
        return re.sub(r"_[\d.]+$", "", self.verdict)


@cache
def settings() -> dict[str, Any]:
    """Thresholds, words and patterns of the observations (`observations.yaml`)."""
    path = Path(__file__).with_name("observations.yaml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def pattern(name: str) -> re.Pattern[str]:
    """A pattern of the settings by its name."""
    return re.compile(settings()["patterns"][name])


def observed(
    kind: str,
    verdict: str,
    claims: Sequence[Claim],
    stated: Decimal | None = None,
    recomputed: Decimal | Fraction | int | None = None,
    formula: str = "",
) -> Observation:
    """An observation with the severity that the settings give its verdict."""
    value = decimal_of(recomputed) if isinstance(recomputed, Fraction) else recomputed
    value = Decimal(value) if isinstance(value, int) else value
    made = Observation(kind, verdict, tuple(claims), stated, value, formula, "info")
    return replace(made, severity="P2") if made.word in settings()["asks"] else made


def in_unit_of(claim: Claim, value: Interval | Fraction | Decimal) -> Fraction:
    """A value in base units (yuan, a ratio, pieces) in the unit that the claim is written in."""
    exact = value.value if isinstance(value, Interval) else Fraction(value)
    return exact / Fraction(claim.scale)


def as_percent(ratio: Interval) -> Fraction:
    """A ratio as a percentage."""
    return ratio.value * PERCENT


def figure(claim: Claim) -> str:
    """A claim's figure without its sign, which the report's words carry (下降1.6% is 1.6)."""
    return plain(abs(claim.value)) if claim.value is not None else ""


def agreement(rate: Claim, recomputed: Fraction, holds: bool) -> str:
    """How a stated rate relates to the recomputed one (in the rate's unit): holds, cut instead of rounded, or fails."""
    if not holds or rate.value is None:
        return "holds" if holds else "fails"
    place, exact = Decimal(1).scaleb(-rate.decimals), decimal_of(abs(recomputed))
    rounded, cut = (exact.quantize(place, way) for way in (ROUND_HALF_UP, ROUND_DOWN))
    return "truncated_not_rounded" if abs(rate.value) == cut != rounded else "holds"


def difference(word: str, claim: Claim, one: Fraction, other: Fraction) -> str:
    """A verdict that ends in a difference, with as many decimals as the claim has."""
    return f"{word}_{decimal_of(abs(one - other)):.{claim.decimals}f}"
