"""What a report says without a figure: grades, problems, measures, rectification, sweeping assertions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.reading import grammar
from ingest.reading.claims import Claim
from ingest.reading.lexer import period_of
from ingest.reading.normalise import MASK, Normalised
from ingest.reading.sections import Paragraph, paragraphs_of

SENTENCE = re.compile(r"[^。；;！!？?\n]+[。；;！!？?]?")


@dataclass(frozen=True)
class Statement:
    """One sentence without a figure that the checks and the site need; its span in the document's text."""

    kind: str
    topic: str
    span_start: int
    span_end: int
    quote: str


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
    """Problems, measures, rectification and assertions, in order of the text."""
    found = []
    for paragraph, begin, sentence in _sentences(normalised):
        row = _row_for(paragraph, sentence)
        if row and MASK not in sentence:
            span = normalised.span(begin, begin + len(sentence))
            topic = paragraph.section_path.rpartition(" > ")[2]
            found.append(Statement(row["kind"], topic, *span, source[span[0] : span[1]]))
    return found


def _sentences(normalised: Normalised) -> Iterator[tuple[Paragraph, int, str]]:
    for paragraph in paragraphs_of(normalised.text):
        body = normalised.text[paragraph.body_start : paragraph.start + len(paragraph.text)]
        for match in SENTENCE.finditer(body):
            yield paragraph, paragraph.body_start + match.start(), match[0]


def _row_for(paragraph: Paragraph, sentence: str) -> dict[str, str] | None:
    rows: list[dict[str, str]] = grammar.load("statements")
    return next(
        (
            row
            for row in rows
            if row["section"] in ("", paragraph.section) and grammar.pattern(row["pattern"]).search(sentence)
        ),
        None,
    )
