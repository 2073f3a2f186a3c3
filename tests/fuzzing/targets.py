"""What is promised of any bytes: a document or a refusal with a known reason, spans inside the text, the same twice."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.documents import Document, DocumentError, read_document
from ingest.documents.second_reading import rtf_text
from ingest.documents.word_stream import stream_text
from ingest.reading.lexer import tokens_of
from ingest.reading.normalise import normalise
from ingest.reading.report import read_report
from ingest.reasons import reasons
from tests.fuzzing.seeds import CONVERTED, OLD_WORKBOOK, SEEDS

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "dbt_project" / "seeds"
YEAR = 2022


def document(content: bytes) -> None:
    """Every reader of documents: which one it is, the bytes say."""
    found = _read(content)
    assert found == _read(content), "read twice, two documents"
    if isinstance(found, Document):
        _spans_lie_inside(found)


def figures(content: bytes) -> None:
    """The normaliser and the lexer, over what the document says."""
    for one in _documents(content):
        normalised = normalise(one)
        assert len(normalised.text) == len(normalised.offsets)
        assert all(0 <= offset < len(one.text) for offset in normalised.offsets)
        assert list(normalised.offsets) == sorted(normalised.offsets), "offsets go back"
        tokens = tokens_of(normalised.text)
        assert all(0 <= token.start < token.end <= len(normalised.text) for token in tokens)
        assert all(one.end <= two.start for one, two in itertools.pairwise(tokens)), "tokens overlap"
        assert tokens == tokens_of(normalised.text)


def report(content: bytes) -> None:
    """The reader of prose and of forms: every digit accounted for, every claim inside the text."""
    for one in _documents(content):
        reading = read_report(one, YEAR, REFERENCE)
        assert reading == read_report(one, YEAR, REFERENCE), "read twice, two readings"
        assert reading.coverage.digits == sum(reading.coverage.by_class.values())
        assert all(0 <= start < end <= len(one.text) for start, end in (claim.figure for claim in reading.claims))


def other_reading(content: bytes) -> None:
    """What a converted file is held against, read from its own bytes: a text or none."""
    for read in (stream_text, rtf_text):
        assert read(content) == read(content), "read twice, two texts"


TARGETS: dict[str, Callable[[bytes], None]] = {
    **{"document": document, "figures": figures, "report": report},
    "other_reading": other_reading,
}


def seeds_of(target: str) -> dict[str, Callable[[], bytes]]:
    """What is mutated for a target."""
    return CONVERTED if TARGETS[target] is other_reading else SEEDS | OLD_WORKBOOK


def _read(content: bytes) -> Document | str:
    try:
        return read_document(content)
    except DocumentError as refusal:
        assert refusal.reason_code in reasons(), refusal.reason_code
        return refusal.reason_code


def _documents(content: bytes) -> Iterator[Document]:
    found = _read(content)
    if isinstance(found, Document):
        yield found


def _spans_lie_inside(found: Document) -> None:
    size = len(found.text)
    cells = (cell for table in found.tables for row in table.rows for cell in row)
    spans = [(one.start, one.end) for one in (*cells, *found.headings, *found.recognised)]
    assert all(0 <= start <= end <= size for start, end in spans), "a span outside the text"
    assert all(0 <= start <= size for start in (*found.pages, *(place.start for place in found.places)))
