"""Bytes made a little wrong, as files go wrong; inside a member of a package and a stream of a compound file too, so
that what they are packed in stays whole.
"""

import io
import random
import zipfile
import zlib

import olefile

from tests.made_documents import changed, patched_stream

TRICKS = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"+AGE-",
    "\u202e".encode(),
    "\u200b".encode(),
    "\u3000".encode(),
    "％".encode(),
    "亿".encode(),
    b"-1",
    b"999999999999999999999",
    b"1e999",
    b"NaN",
    b"<",
    b"</",
    b"&#0;",
    b"&#x110000;",
    b'"',
    b"[[[[",
    b"((((((((",
    b"\r",
    b"\t\t\t",
    b"\f",
)
MOST_CHANGES = 6
INSIDE = 0.7


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """The seed with one to some changes; most packages and compound files are changed inside."""
    members, streams = _members(seed), _streams(seed)
    if members and chance.random() < INSIDE:
        return changed(seed, chance.choice(members), lambda old: _changed(old, chance))
    if streams and chance.random() < INSIDE:
        name, content = chance.choice(streams)
        # The length of a stream is told outside of it.
        return patched_stream(seed, name, 0, _changed(content, chance)[: len(content)])
    return _changed(seed, chance)


def _members(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, zlib.error):
        return []


def _streams(content: bytes) -> list[tuple[str, bytes]]:
    if not content.startswith(olefile.MAGIC):
        return []
    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        named = ("/".join(parts) for parts in ole.listdir())
        return [(name, ole.openstream(name).read()) for name in named]


def _changed(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, MOST_CHANGES)):
        content = _changed_once(content, chance)
    return content


def _changed_once(content: bytes, chance: random.Random) -> bytes:
    at, other = chance.randint(0, len(content)), chance.randint(0, len(content))
    first, last = min(at, other), max(at, other)
    piece = content[first : min(last, first + 64)]
    match chance.randrange(6):
        case 0:  # a flipped bit
            flipped = bytes([content[at] ^ 1 << chance.randrange(8)]) if at < len(content) else b""
            return content[:at] + flipped + content[at + 1 :]
        case 1:
            return content[:at] + chance.choice(TRICKS) + content[at:]
        case 2:  # an upload that broke off
            return content[:at]
        case 3:
            return content[:first] + content[first + len(piece) :]
        case 4:
            return content[:first] + piece * chance.randint(2, 20) + content[first:]
        case _:
            return content[:at] + piece + content[at:]
