"""What the model answered, entry by entry; an entry that is no entry of a known figure is left out and counted."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from ingest.second_reader.client import EndpointError

FENCE = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """One entry: the figure it is about, the words it quotes with their alleged place, and the two votes."""

    claim: int
    quote: str
    start: int
    value: Decimal
    unit: str
    role: str
    subject: str | None


@dataclass(frozen=True)
class Answers:
    """Entries by the number of their claim. `malformed` and `repeated` are numbers of claims without a usable entry."""

    entries: dict[int, Answer]
    malformed: frozenset[int] = frozenset()
    repeated: frozenset[int] = frozenset()
    strays: int = 0


def answers_in(content: str, asked: Collection[int]) -> Answers:
    """The entries about the figures that were asked. Raises `EndpointError` where the whole is not as asked."""
    entries: dict[int, Answer] = {}
    malformed, seen, repeated, strays = set(), set(), set(), 0
    for row in _rows(content):
        number = row.get("claim") if isinstance(row, dict) else None
        if not isinstance(number, int) or isinstance(number, bool) or number not in asked:
            strays += 1
        elif number in seen:
            repeated.add(number)
        else:
            seen.add(number)
            entry = _entry(row)
            if entry is None:
                malformed.add(number)
            else:
                entries[number] = entry
    kept = {number: entry for number, entry in entries.items() if number not in repeated}
    return Answers(kept, frozenset(malformed - repeated), frozenset(repeated), strays)


def _rows(content: str) -> list[Any]:
    fenced = FENCE.match(content)
    try:
        figures = json.loads(fenced[1] if fenced else content, parse_float=Decimal)["figures"]
    except (ValueError, KeyError, TypeError, RecursionError, ArithmeticError) as error:
        raise EndpointError("answer_malformed", "no JSON as asked") from error
    if not isinstance(figures, list):
        raise EndpointError("answer_malformed", "figures is no list")
    return figures


def _entry(row: dict[str, Any]) -> Answer | None:
    quote, start, unit, role, subject = (row.get(name) for name in ("quote", "start", "unit", "role", "subject"))
    value = _number(row.get("value"))
    if not (isinstance(quote, str) and isinstance(unit, str) and isinstance(role, str)) or value is None:
        return None
    if "subject" not in row or not (subject is None or isinstance(subject, str)):
        return None
    # A place is only a hint: where it is missing or none, the quotation is looked for.
    place = start if isinstance(start, int) and not isinstance(start, bool) else -1
    return Answer(row["claim"], quote, place, value, unit.strip(), role, subject)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
