"""Management assertions: 制度健全, 预决算公开, a rate that is only said to keep within a bound."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from ingest.reading import grammar
from ingest.reading.claims import measured
from ingest.reading.lexer import tokens_of
from ingest.reading.remarks import Remark, is_private
from ingest.reading.sections import paragraphs_of

SENTENCE = re.compile(r"[^。；;！!？?\n]+")
CLAUSE_END = re.compile(r"[，,。；;]")
BOUNDS = ("<", "<=", ">", ">=")
Bound = tuple[str | None, Decimal | None]


def assertions_in(text: str, taken: Sequence[tuple[int, int]]) -> list[Remark]:
    """The assertions of a normalised text, sentence by sentence.

    `taken` are spans, in their order, that are statements already: no assertion is looked for there.
    """
    data, ends = grammar.load("statements"), [end for _, end in taken]
    found: list[Remark] = []
    for paragraph in paragraphs_of(text):
        if paragraph.section in data["assertion_sections_without"]:
            continue
        end = paragraph.start + len(paragraph.text)
        for match in SENTENCE.finditer(text, paragraph.body_start, end):
            following = bisect_right(ends, match.start())
            free = following == len(taken) or taken[following][0] >= match.end()
            if free and not is_private(match[0]):
                found += _in_sentence(match[0], match.start())
    return found


def _in_sentence(sentence: str, start: int) -> Iterator[Remark]:
    data, seen = grammar.load("statements"), set()
    if grammar.pattern(data["deduction"]).search(sentence):
        return
    for row in data["assertions"]:
        bound = _asserted(row, sentence)
        if bound is not None and row["topic"] not in seen:
            seen.add(row["topic"])
            topics = (row["topic"],)
            yield Remark("assertion", start, start + len(sentence), topics, row["id"], None, *bound)


def _asserted(row: dict[str, Any], sentence: str) -> Bound | None:
    """The bound that a sentence asserts under a row of the grammar (empty where it has none); None if it does not."""
    bound = _bound_of(row["rate"], sentence) if "rate" in row else None
    if bound is None and "pattern" in row:
        match = grammar.pattern(row["pattern"]).search(sentence)
        if match and not _is_future(sentence, match.start()):
            return row.get("operator"), Decimal(row["bound"]) if "bound" in row else None
    return bound


def _bound_of(noun: str, sentence: str) -> Bound | None:
    """The bound behind the noun of a rate, in its clause; an exact figure is none."""
    match = grammar.pattern(noun).search(sentence)
    if not match or _is_future(sentence, match.start()):
        return None
    clause = CLAUSE_END.split(sentence[match.end() :], maxsplit=1)[0]
    figures = [token for token in tokens_of(clause) if token.kind == "quantity"]
    if not figures or figures[0].operator not in BOUNDS:
        return None
    if grammar.named("statements", "aim").search(sentence, 0, match.end() + figures[0].start):
        return None
    figure = measured(figures[0], money_near=False)
    return (figure["operator"], figure["value_base"]) if figure["unit_base"] == "ratio" else None


def _is_future(sentence: str, start: int) -> bool:
    """Whether words before tell of what is meant to be, not of what is."""
    return grammar.named("statements", "future").search(sentence[:start]) is not None
