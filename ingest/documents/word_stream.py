"""The text of an old Word file as it lies in the file (MS-DOC, piece table): every character, and no layout.

It serves to decide between two programs that lay the text out: none of it can be lost or run together here.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from ingest.documents.document import DocumentError
from ingest.documents.ole import opened_ole, stream_of

FLAGS_AT, TABLE_STREAM_BIT = 0x0A, 0x0200
# Lengths of the parts of the text, in the order in which they lie: body, footnotes, headers, macros, comments,
# endnotes, text boxes. Headers, macros and comments are not what the sender's page says.
LENGTHS_AT = 0x4C
KEPT_PARTS = (0, 1, 5, 6)
PIECES_AT = 0x01A2
PIECE_BYTES, PROPERTIES, PIECE_TABLE = 8, 1, 2
COMPRESSED = 0x40000000
# The instruction of a field, from its begin to the mark before its result; fields stand in fields, but not deeper.
FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14|(?=\x15))")
MOST_NESTED = 20
SIGNS = str.maketrans({"\x07": "\t", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x1e": "-", "\x15": "", "\x1f": ""})


def stream_text(content: bytes) -> str | None:
    """The text, cells ending in tabs and paragraphs in line ends; None where the file is not of Word 97 or later."""
    try:
        with opened_ole(content) as ole:
            word = stream_of(ole, ["WordDocument"])
            flags = struct.unpack_from("<H", word, FLAGS_AT)[0]
            table = stream_of(ole, ["1Table" if flags & TABLE_STREAM_BIT else "0Table"])
        text = "".join(_pieces(word, table))
        lengths = struct.unpack_from("<7I", word, LENGTHS_AT)
    except (DocumentError, struct.error, UnicodeDecodeError, MemoryError):
        return None
    kept, start = [], 0
    for number, length in enumerate(lengths):
        if number in KEPT_PARTS:
            kept.append(text[start : start + length])
        start += length
    whole = "\n".join(kept)
    for _ in range(MOST_NESTED):
        whole = FIELD.sub("", whole)
    return whole.translate(SIGNS)


def _pieces(word: bytes, table: bytes) -> Iterator[str]:
    """The stretches of text that the piece table names, in order; each is Latin or UTF-16."""
    at, length = struct.unpack_from("<II", word, PIECES_AT)
    end = min(at + length, len(table))
    while at < end and table[at] == PROPERTIES:
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    if at >= end or table[at] != PIECE_TABLE:
        return
    count = (struct.unpack_from("<I", table, at + 1)[0] - 4) // (4 + PIECE_BYTES)
    at += 5
    starts = struct.unpack_from(f"<{count + 1}I", table, at)
    at += 4 * (count + 1)
    left = len(word)
    for number in range(count):
        size = starts[number + 1] - starts[number]
        place = struct.unpack_from("<I", table, at + number * PIECE_BYTES + 2)[0]
        width = 1 if place & COMPRESSED else 2
        begin = (place & ~COMPRESSED) // 2 if width == 1 else place
        left -= size * width
        if size < 0 or left < 0:
            # Pieces that together are longer than the file repeat each other: a bomb.
            return
        stretch = word[begin : begin + size * width]
        yield stretch.decode("cp1252" if width == 1 else "utf-16-le", errors="replace")
