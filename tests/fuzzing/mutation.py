"""Bytes made a little wrong, as files go wrong; inside a member of a package too, so that its packing stays whole."""

import io
import random
import zipfile
import zlib

from tests.made_documents import changed

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


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """The seed with one to some changes; half of the packages are changed inside a member."""
    members = _members(seed)
    if members and chance.random() < 0.7:
        return changed(seed, chance.choice(members), lambda old: _changed(old, chance))
    return _changed(seed, chance)


def _members(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, zlib.error):
        return []


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
