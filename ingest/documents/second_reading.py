"""A second program's text of a converted file, and the comparison of the numbers that both have read."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.documents.document import Document, DocumentError
from ingest.documents.programs import find, run

MOST_NAMED = 5
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0E: "."}
OFFICE_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
UNSEEN = frozenset({f"{OFFICE_TEXT}tracked-changes", f"{OFFICE}annotation", f"{OFFICE_TEXT}sequence-decls"})
ENDS = frozenset({f"{OFFICE_TEXT}p", f"{OFFICE_TEXT}h", f"{OFFICE_TABLE}table-cell", f"{OFFICE_TEXT}line-break"})


def antiword_text(content: bytes) -> str | None:
    """What antiword reads of an old Word file; None where it cannot. Raises `DocumentError` where it is missing."""
    program = find("antiword")
    with tempfile.TemporaryDirectory(prefix="antiword-") as folder:
        source = Path(folder) / "source.doc"
        source.write_bytes(content)
        ended = run([program, "-w", "0", "-m", "UTF-8.txt", str(source)], Path(folder))
    return ended.output if ended.code == 0 and ended.output.strip() else None


def rtf_text(content: bytes) -> str | None:
    """What striprtf reads of rich text; None where it cannot. Digits are ASCII there, whatever the encoding."""
    from striprtf.striprtf import rtf_to_text

    try:
        text = str(rtf_to_text(content.decode("latin-1"), errors="ignore"))  # type: ignore[no-untyped-call]
    except Exception:  # striprtf raises whatever a damaged number leads it to
        return None
    return text if text.strip() else None


def opendocument_text(root: Any) -> str | None:
    """The text of an OpenDocument's content, one paragraph or cell a line; None where there is none."""
    body = root.find(f"{OFFICE}body") if root is not None else None
    return "".join(_pieces(body)) if body is not None else None


def _pieces(element: Any) -> Iterator[str]:
    if element.tag in UNSEEN:
        return
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    if element.tag in ENDS:
        yield "\n"


def same_numbers(text: str, other: str) -> bool:
    """Whether two readings have the same numbers, each as often."""
    return numbers_of(text) == numbers_of(other)


def difference(document: Document, other: str) -> DocumentError:
    """The refusal of a document whose numbers another reading does not have, with the places of the first ones."""
    ours, theirs = numbers_of(document.text), numbers_of(other)
    only_ours = [f"{number}（{_place(document, number)}）" for number in list(ours - theirs)[:MOST_NAMED]]
    only_theirs = list(theirs - ours)[:MOST_NAMED]
    detail = f"LibreOffice: {'、'.join(only_ours) or '—'}; second reading: {'、'.join(only_theirs) or '—'}"
    return DocumentError("CONVERSIONS_DIFFER", detail)


def numbers_of(text: str) -> Counter[str]:
    """Every number of a text and how often it stands there."""
    return Counter(number.replace(",", "") for number in NUMBER.findall(text.translate(FULL_WIDTH)))


def _place(document: Document, number: str) -> str:
    found = document.text.find(number)
    return document.place_of(found) if found >= 0 else "?"
