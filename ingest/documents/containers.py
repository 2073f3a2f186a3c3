"""ZIP containers and the XML parts in them, opened so that no bomb, entity or damage gets any further."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from ingest.documents.document import DocumentError

# An archive that unpacks beyond these is refused before a byte of it is unpacked.
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 300
MAX_MEMBERS = 5_000
# Small files may be packed tighter than the ratio: a form with many empty cells is.
RATIO_COUNTS_FROM = 10 * 1024 * 1024
# A tree takes some fifteen times the bytes of its XML.
MAX_TREE_BYTES = 64 * 1024 * 1024
ENCRYPTED_FLAG = 0x1

# What a damaged or cut archive may raise while it is read.
ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    LookupError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
XML_ERRORS = (etree.XMLSyntaxError, etree.LxmlError)
DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
# Namespaces of the strict variant of Office files, and the usual ones that say the same.
STRICT_NAMESPACES = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
)


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """A ZIP archive within the limits. Raises `DocumentError`, also for damage that is found while it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_size(archive, len(content))
            yield archive
    except (*ARCHIVE_ERRORS, *XML_ERRORS) as error:
        raise DocumentError("UNREADABLE", f"the archive is damaged: {error}") from error


def check_size(archive: zipfile.ZipFile, packed: int) -> None:
    """Refuse an archive by what its directory says it would unpack to."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    too_tight = unpacked > max(MAX_RATIO * packed, RATIO_COUNTS_FROM)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES or too_tight:
        raise DocumentError("TOO_LARGE", f"{len(members)} members, {unpacked} bytes when unpacked from {packed}")


def member(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo) -> bytes:
    """The bytes of a member. Raises `DocumentError` where it is encrypted."""
    info = archive.getinfo(name) if isinstance(name, str) else name
    if info.flag_bits & ENCRYPTED_FLAG:
        raise DocumentError("ENCRYPTED", "a member of the archive is encrypted")
    return archive.read(info)


def xml_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of an XML member, namespaces of the strict variant replaced. A document type is refused."""
    content = member(archive, name)
    refuse_doctype(content)
    if b"purl.oclc.org" in content[:4096]:
        for strict, usual in STRICT_NAMESPACES:
            content = content.replace(strict, usual)
    return content


def refuse_doctype(content: bytes) -> None:
    """No document of ours needs a document type; entities that grow without bound do."""
    if any(mark in content for mark in DOCTYPES):
        raise DocumentError("UNREADABLE", "the XML declares a document type, as only an attack does")


def tree(content: bytes) -> Any:
    """The root element of an XML part. Raises `DocumentError` where it is too large, damaged or has entities."""
    if len(content) > MAX_TREE_BYTES:
        raise DocumentError("TOO_LARGE", f"an XML part of {len(content)} bytes")
    refuse_doctype(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except XML_ERRORS as error:
        raise DocumentError("UNREADABLE", f"the XML is damaged: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentError("UNREADABLE", "the XML declares a document type, as only an attack does")
    return root


def part(archive: zipfile.ZipFile, name: str) -> Any:
    """The root element of a member, or None where there is no such member."""
    return tree(xml_member(archive, name)) if name in archive.NameToInfo else None


def elements(content: bytes, *tags: str) -> Iterator[Any]:
    """Elements of these names one after the other; each is emptied when the next one is asked for."""
    walk = etree.iterparse(
        io.BytesIO(content), events=("end",), tag=tags, resolve_entities=False, no_network=True, huge_tree=False
    )
    for _, element in walk:
        yield element
        element.clear()
        parent = element.getparent()
        if parent is not None:
            while element.getprevious() is not None:
                del parent[0]
