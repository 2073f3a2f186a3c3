"""Reading one report: the outline of the whole room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ingest.documents import Document
from ingest.reading.claims import ORIGIN_FORM, Claim
from ingest.reading.coverage import Coverage, coverage_of
from ingest.reading.form import FormReader
from ingest.reading.narrative import NarrativeReader
from ingest.reading.normalise import mask_personal_data, normalise
from ingest.reading.recognised import marked
from ingest.reading.statements import Statement, read_grades, read_statements

# Tokens that are no claim but explain their digits.
EXPLAINED = ("noise", "year", "period")
PAGE_NUMBER = "noise.page_number"


@dataclass(frozen=True)
class Reading:
    """All that one report says, with the account of its digits. Personal data stand nowhere in it."""

    claims: tuple[Claim, ...]
    statements: tuple[Statement, ...]
    coverage: Coverage
    section_names: frozenset[str]
    text: str
    is_form: bool


def read_report(document: Document, fiscal_year: int, reference: Path) -> Reading:
    """Read a document that is known to report on `fiscal_year`; `reference` holds aliases and budget categories."""
    source = mask_personal_data(document.text)
    normalised = normalise(document)
    claims, tokens = NarrativeReader(normalised, source, fiscal_year, reference).read()
    form = FormReader(replace(document, text=source), fiscal_year, reference, len(claims) + 1)
    claims += form.read()
    claims += read_grades(normalised, source, fiscal_year, len(claims) + 1)
    noise = [(*normalised.span(token.start, token.end), token.id) for token in tokens if token.kind in EXPLAINED]
    noise += [(*span, PAGE_NUMBER) for span in normalised.skipped]
    noise += form.noise()
    coverage = coverage_of(source, [claim.figure for claim in claims], noise)
    is_form = bool(document.tables) and all(claim.origin == ORIGIN_FORM for claim in claims)
    claims = marked(claims, document)
    paths = {claim.section_path for claim in claims}
    statements = tuple(read_statements(normalised, source))
    return Reading(tuple(claims), statements, coverage, frozenset(paths), normalised.text, is_form)
