"""What a report says without a figure: grades, problems, measures, rectification, management assertions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.reading import grammar
from ingest.reading.answers import answers_of
from ingest.reading.assertions import assertions_in
from ingest.reading.claims import Claim
from ingest.reading.lexer import period_of
from ingest.reading.normalise import Normalised
from ingest.reading.remarks import Remark, remarks_of
from ingest.reading.sections import Paragraph, paragraphs_of

SENTENCE = re.compile(r"[^。；;！!？?\n]+[。；;！!？?]?")


@dataclass(frozen=True)
class Statement:
    """One statement without a figure of the year; its span in the document's text.

    `number` counts within the version from 1, in the order of the text. `topic` is a key of `statements.yaml`.
    `operator` and `bound` are those of an assertion about a rate, as a ratio (1 = 100 %). `pairs_with` is the number
    of the measure that answers a problem; None for a problem without a measure and for all other kinds.
    """

    number: int
    kind: str
    topic: str
    span_start: int
    span_end: int
    quote: str
    rule_id: str
    operator: str | None = None
    bound: Decimal | None = None
    pairs_with: int | None = None


def read_grades(normalised: Normalised, source: str, fiscal_year: int, first_number: int) -> list[Claim]:
    """Self-evaluation grades (优, 良, 中, 差), as claims numbered from `first_number`."""
    data = grammar.load("grades")
    start, end = period_of(fiscal_year)
    found: list[Claim] = []
    for paragraph, begin, sentence in _sentences(normalised):
        if not grammar.pattern(data["sentence"]).search(sentence):
            continue
        for match in grammar.pattern(data["grade"]).finditer(sentence):
            words = max(sentence.rfind(mark, 0, match.start()) for mark in "，,") + 1
            span = normalised.span(begin + words, begin + match.end())
            found.append(
                Claim(
                    number=first_number + len(found),
                    kind="grade",
                    subject=None,
                    surface=match[0],
                    role="self",
                    operator="=",
                    value=None,
                    value_text=data["grades"][match[1]],
                    unit="",
                    span_start=span[0],
                    span_end=span[1],
                    quote=source[span[0] : span[1]],
                    sentence=source[slice(*normalised.span(begin, begin + len(sentence)))],
                    section_path=paragraph.section_path,
                    rule_ids=("grade.self",),
                    period_start=start,
                    period_end=end,
                )
            )
    return found


def read_statements(normalised: Normalised, source: str) -> list[Statement]:
    """Problems, measures, rectification and assertions, in order of the text, each problem with its measure."""
    remarks = remarks_of(normalised.text)
    taken = [(remark.start, remark.end) for remark in remarks]
    remarks += assertions_in(normalised.text, taken)
    remarks.sort(key=lambda remark: (remark.start, remark.end, remark.rule_id))
    answered = answers_of(remarks)
    return [
        replace(_statement(number, remark, normalised, source), pairs_with=answered.get(number))
        for number, remark in enumerate(remarks, start=1)
    ]


def _statement(number: int, remark: Remark, normalised: Normalised, source: str) -> Statement:
    start, end = normalised.span(remark.start, remark.end)
    return Statement(
        number=number,
        kind=remark.kind,
        topic=remark.topics[0],
        span_start=start,
        span_end=end,
        quote=source[start:end],
        rule_id=remark.rule_id,
        operator=remark.operator,
        bound=remark.bound,
    )


def _sentences(normalised: Normalised) -> Iterator[tuple[Paragraph, int, str]]:
    for paragraph in paragraphs_of(normalised.text):
        body = normalised.text[paragraph.body_start : paragraph.start + len(paragraph.text)]
        for match in SENTENCE.finditer(body):
            yield paragraph, paragraph.body_start + match.start(), match[0]
