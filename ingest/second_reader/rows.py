"""Claims again from rows as the lake holds them, so that a second reading needs no first one beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from ingest.documents import Document
from ingest.reading.claims import Claim
from ingest.reading.grammar import unit_of
from ingest.reading.lexer import tokens_of
from ingest.reading.normalise import normalise

COLUMNS = frozenset(field.name for field in fields(Claim))


def claims_of(rows: Iterable[Mapping[str, Any]]) -> list[Claim]:
    """The claims of one version's rows of the table `claim`, in the order of their numbers."""
    ordered = sorted(rows, key=lambda row: row["claim_number"])
    numbers = {row["claim_id"]: row["claim_number"] for row in ordered}
    return [_claim(row, numbers) for row in ordered]


def _claim(row: Mapping[str, Any], numbers: Mapping[str, int]) -> Claim:
    unit = unit_of(row["unit"] or "")
    # A bare 万 or 亿 was read as money beside money: its base says so.
    family = "money" if row["unit_base"] == "元" else unit.family
    figure = _figure_in(row)
    known = {name: value for name, value in row.items() if name in COLUMNS}
    return Claim(
        **known
        | {
            "number": row["claim_number"],
            "host": numbers.get(row["host_claim_id"] or ""),
            "rule_ids": tuple((row["rule_id"] or "").split("+")),
            "surface": row["surface"] or "",
            "unit": row["unit"] or "",
            "unit_base": row["unit_base"] or "",
            "decimals": row["decimals"] or 0,
            "unit_family": family,
            "scale": unit.multiplier,
            "figure_start": figure[0],
            "figure_end": figure[1],
        }
    )


def _figure_in(row: Mapping[str, Any]) -> tuple[int, int]:
    """The figure's place inside the quotation, which the lake does not keep: the only one there with the value."""
    regular = normalise(Document("text/plain", row["quote"] or ""))
    if row["value"] is None:
        return -1, -1
    same = [
        token for token in tokens_of(regular.text) if token.value is not None and abs(token.value) == abs(row["value"])
    ]
    if len(same) != 1:
        return -1, -1
    start, end = regular.span(same[0].start, same[0].end)
    return row["span_start"] + start, row["span_start"] + end
