"""Plain text in UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import codecs
import re

from ingest.documents.document import Document, DocumentError, Place
from ingest.documents.lines import tables_in

MEDIA_TYPE = "text/plain"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How many control characters a text may hold by accident.
STRAY_CONTROLS = 8
# In UTF-16 every ASCII character (digits, line ends) has a zero beside it, all on one side.
SAMPLE = 4096
# ASCII and the blocks of punctuation, Chinese characters and full-width forms that a Chinese text is written in.
USUAL = re.compile(r"[\t\r\n\f\x20-\x7e\u2000-\u206f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
LEAST_USUAL = 0.9
# So many Chinese characters of UTF-8 in a line are no chance.
SURE_CHARACTERS = 3


def read_plain(content: bytes) -> Document:
    """Decode text, line ends kept as they are. Raises `DocumentError` for bytes that are no text."""
    text = decode(content)
    if looks_binary(text):
        raise DocumentError("UNKNOWN_FORMAT", "control characters: this is no text")
    pages = (0, *(index + 1 for index, character in enumerate(text) if character == "\f")) if "\f" in text else ()
    return Document(MEDIA_TYPE, text, tables_in(text), tuple(_lines(text)), pages=pages)


def looks_binary(text: str) -> bool:
    """Whether a decoded text holds what no text holds: zeros or many control characters."""
    return "\x00" in text or sum(character < " " and character not in "\t\r\n\f" for character in text) > STRAY_CONTROLS


def decode(content: bytes) -> str:
    """A fixed ladder (byte order mark, zeros of UTF-16, strict UTF-8, GB18030).

    Statistical guessing names short GBK texts wrongly. Raises `DocumentError` for bytes that are no text, and for a
    text of two encodings with the number of the first line that is of another one than the lines before it.
    """
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), None) or _utf16(content)
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "gb18030":
            _refuse_mixture(content)
        return text
    _refuse_mixture(content)
    raise DocumentError("UNKNOWN_FORMAT", f"neither {encoding or 'UTF-8 nor GB18030'}")


def _utf16(content: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, told by the side on which the zeros stand."""
    sample = content[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(content) % 2 or bool(even) == bool(odd):
        return None
    name = "utf-16-be" if even else "utf-16-le"
    text = sample.decode(name, errors="replace")
    return name if len(USUAL.findall(text)) >= LEAST_USUAL * len(text) else None


def _refuse_mixture(content: bytes) -> None:
    """Refuse a text of which some lines are UTF-8 and others GB18030: read as one of them, the others turn to noise."""
    first: dict[str, int] = {}
    for number, line in enumerate(content.split(b"\n"), start=1):
        encoding = _encoding_of(line)
        if encoding:
            first.setdefault(encoding, number)
        if len(first) > 1:
            kinds = "、".join(f"第{at}行是{name}" for name, at in first.items())
            raise DocumentError("UNREADABLE", f"第{number}行的编码与前面不同（{kinds}）")


def _encoding_of(line: bytes) -> str | None:
    """The encoding of a line that can only be of one; None for ASCII and for what could be of either."""
    if line.isascii():
        return None
    for name in ("utf-8", "gb18030"):
        try:
            text = line.decode(name)
        except UnicodeDecodeError:
            continue
        sure = name == "gb18030" or sum(character > "\u07ff" for character in text) >= SURE_CHARACTERS
        return name if sure else None
    return None


def _lines(text: str) -> list[Place]:
    places, start = [], 0
    for number, line in enumerate(text.split("\n"), start=1):
        places.append(Place(start, f"第{number}行"))
        start += len(line) + 1
    return places
