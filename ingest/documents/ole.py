"""Compound files (OLE): what old Office programs and WPS write, and what encrypted new files are wrapped in."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ingest.documents.document import DocumentError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_STORAGES = ("Macros", "_VBA_PROJECT_CUR", "VBA")
ENCRYPTED_STREAMS = ("EncryptedPackage", "EncryptionInfo")
# Where a Word file says of itself that it is encrypted.
FLAGS_AT, ENCRYPTED_BIT = 0x0A, 0x0100


@contextmanager
def opened_ole(content: bytes) -> Iterator[Any]:
    """A compound file. Raises `DocumentError`, also for damage that is found while it is read."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            yield ole
    except DocumentError:
        raise
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error) as error:
        raise DocumentError("UNREADABLE", f"the compound file is damaged: {error}") from error


def stream_of(ole: Any, names: Sequence[str]) -> bytes:
    """The first stream of these names. Raises `DocumentError` when there is none."""
    for name in names:
        if ole.exists(name):
            content = ole.openstream(name).read()
            return bytes(content)
    raise DocumentError("UNREADABLE", f"no stream {' or '.join(names)}")


def kind_of(content: bytes) -> str:
    """`word`, `excel` or `works`, told from the streams. Raises `DocumentError` for an encrypted or another file."""
    with opened_ole(content) as ole:
        if any(ole.exists(name) for name in ENCRYPTED_STREAMS):
            raise DocumentError("ENCRYPTED", "an encrypted package")
        if ole.exists("WordDocument"):
            head = stream_of(ole, ["WordDocument"])[: FLAGS_AT + 2]
            if len(head) == FLAGS_AT + 2 and struct.unpack_from("<H", head, FLAGS_AT)[0] & ENCRYPTED_BIT:
                raise DocumentError("ENCRYPTED", "the document is protected by a password")
            return "word"
        if ole.exists("Workbook") or ole.exists("Book"):
            return "excel"
        if ole.exists("MatOST") or ole.exists("CONTENTS"):
            return "works"
        found = ", ".join("/".join(name) for name in ole.listdir()[:5])
    raise DocumentError("UNKNOWN_FORMAT", f"a compound file of another program: {found}")


def has_macros(content: bytes) -> bool:
    """Whether the file holds macros. They are never run."""
    with opened_ole(content) as ole:
        return any(ole.exists(name) for name in MACRO_STORAGES)
