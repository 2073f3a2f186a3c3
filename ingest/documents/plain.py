"""Plain text in UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import codecs

from ingest.documents.document import Document, DocumentError, Place
from ingest.documents.lines import tables_in

MAX_CHARACTERS = 5_000_000
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_plain(content: bytes) -> Document:
    """Decode text, line ends kept as they are. Raises `DocumentError` for bytes that are no text."""
    text = decode(content)
    if "\x00" in text or sum(character < " " and character not in "\t\r\n\f" for character in text) > 8:
        raise DocumentError("UNKNOWN_FORMAT", "control characters: this is no text")
    if len(text) > MAX_CHARACTERS:
        raise DocumentError("TOO_LARGE", f"{len(text)} characters")
    return Document("text/plain", text, tables_in(text), tuple(_lines(text)))


def decode(content: bytes) -> str:
    """A fixed ladder (byte order mark, strict UTF-8, GB18030): statistical guessing names short GBK texts wrongly."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="strict")
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError("UNKNOWN_FORMAT", "neither UTF-8 nor GB18030")


def _lines(text: str) -> list[Place]:
    places, start = [], 0
    for number, line in enumerate(text.split("\n"), start=1):
        places.append(Place(start, f"第{number}行"))
        start += len(line) + 1
    return places
