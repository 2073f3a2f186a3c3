"""What a file is, told from its bytes. A name or an extension is never asked."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import cast

from ingest.documents import ole
from ingest.documents.containers import opened
from ingest.documents.directions import without_marks
from ingest.documents.document import Document, DocumentError
from ingest.documents.packages import Budget, read_package

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
WORKS = "application/vnd.ms-works"
RTF = "application/rtf"
WORD_XML = "application/msword+xml"
EXCEL_XML = "application/vnd.ms-excel+xml"
HTML = "text/html"
MHTML = "multipart/related"
PACKAGE = "application/zip"
PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
PLAIN = "text/plain"

# The reader of each media type, imported when the first file of its kind comes.
READERS = {
    DOCX: "docx:read_docx",
    XLSX: "xlsx:read_xlsx",
    XLSB: "office:read_xlsb",
    ODT: "office:read_odt",
    ODS: "office:read_ods",
    DOC: "office:read_doc",
    XLS: "xls:read_xls",
    WORKS: "office:read_works",
    RTF: "office:read_rtf",
    WORD_XML: "office:read_word_xml",
    EXCEL_XML: "spreadsheetml:read_spreadsheetml",
    HTML: "html:read_html",
    MHTML: "html:read_mhtml",
    PDF: "pdf:read_pdf",
    PNG: "images:read_image",
    JPEG: "images:read_image",
    PLAIN: "plain:read_plain",
}
# What the first bytes say. A package and a compound file are looked into.
MAGIC = (
    (b"%PDF-", PDF),
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"PK\x03\x04", PACKAGE),
    (b"PK\x05\x06", PACKAGE),
    (ole.MAGIC, XLS),
)
# Known, and not read: the sender is asked for another format.
REFUSED = (
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture or a film"),
)
OLE_KINDS = {"word": DOC, "excel": XLS, "works": WORKS}
# Members that tell what an archive is; the main part of a Word file may carry a number.
WORD_PART = re.compile(r"word/document\d*\.xml")
PARTS = {"xl/workbook.xml": XLSX, "xl/workbook.bin": XLSB}
OPEN_DOCUMENT = {ODT: ODT, f"{ODT}-template": ODT, ODS: ODS, f"{ODS}-template": ODS}
NOT_REPORTS = {"OFD.xml": "an OFD page file", "ppt/presentation.xml": "a presentation"}

SNIFFED = 4096
PDF_BEGINS_WITHIN = 1024
XML_ROOTS = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", EXCEL_XML),
    (b"http://schemas.microsoft.com/office/word/2003/wordml", WORD_XML),
)
MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|meta|title|body|table|div|style|center|span|font|h[1-6]|p|br|ul|ol|tr|td)[\s/>]",
    re.IGNORECASE,
)
MAIL_HEADER = re.compile(rb"(?:^|\n)MIME-Version:.*?\n\r?\n", re.IGNORECASE | re.DOTALL)

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_CHARACTERS = 5_000_000
# A workbook of two million cells has more characters than any report; its cells are counted while it is read.
MAX_WORKBOOK_CHARACTERS = 20_000_000
WORKBOOKS = (XLSX, XLSB, ODS, XLS, EXCEL_XML)


def read_document(content: bytes) -> Document:
    """Read a file's bytes into a `Document`. Raises `DocumentError` with a reason code when that is not possible."""
    with _without_collection():
        return without_marks(_read(content, Budget()))


@contextmanager
def _without_collection() -> Iterator[None]:
    """A large sheet makes millions of objects that live on and no cycles: looking for those takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(content: bytes, budget: Budget) -> Document:
    if not content.strip():
        raise DocumentError("EMPTY_FILE", "the file holds no character")
    if len(content) > MAX_FILE_BYTES:
        raise DocumentError("TOO_LARGE", f"a file of {len(content)} bytes")
    media_type = detect(content)
    try:
        document = read_package(content, budget, _read) if media_type == PACKAGE else _reader(media_type)(content)
    except (MemoryError, RecursionError) as error:
        raise DocumentError("TOO_LARGE", f"{type(error).__name__} while reading {media_type}") from error
    if len(document.text) > (MAX_WORKBOOK_CHARACTERS if media_type in WORKBOOKS else MAX_CHARACTERS):
        raise DocumentError("TOO_LARGE", f"{len(document.text)} characters")
    return document


def _reader(media_type: str) -> Callable[[bytes], Document]:
    module, _, name = READERS[media_type].partition(":")
    return cast(Callable[[bytes], Document], getattr(import_module(f"ingest.documents.{module}"), name))


def detect(content: bytes) -> str:
    """The media type of a file's bytes. Raises `DocumentError` for what is known not to be read, and for encrypted."""
    begin = content[:SNIFFED].removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, kind in REFUSED:
        if begin.startswith(magic) and not _is_text(content[:SNIFFED]):
            raise DocumentError("UNKNOWN_FORMAT", kind)
    found = next((media_type for magic, media_type in MAGIC if begin.startswith(magic)), None)
    if found == PACKAGE:
        return _package_type(content)
    if found == XLS:
        return OLE_KINDS[ole.kind_of(content)]
    if found:
        return found
    if b"%PDF-" in content[:PDF_BEGINS_WITHIN] and not _is_text(content[:SNIFFED]):
        return PDF
    return _markup_type(_narrow(begin)) or PLAIN


def _package_type(content: bytes) -> str:
    with opened(content) as archive:
        names = archive.NameToInfo
        for name in names:
            if WORD_PART.fullmatch(name):
                return DOCX
        for name, media_type in PARTS.items():
            if name in names:
                return media_type
        for name, kind in NOT_REPORTS.items():
            if name in names:
                raise DocumentError("UNKNOWN_FORMAT", kind)
        if "mimetype" in names and "content.xml" in names:
            return _open_document_type(archive.read("mimetype"), b"manifest:encryption-data", archive.read)
    return PACKAGE


def _open_document_type(declared: bytes, encrypted: bytes, read: Callable[[str], bytes]) -> str:
    if encrypted in read("META-INF/manifest.xml"):
        raise DocumentError("ENCRYPTED", "an encrypted OpenDocument file")
    kind = declared.decode("ascii", "replace").strip()
    if kind not in OPEN_DOCUMENT:
        raise DocumentError("UNKNOWN_FORMAT", f"an OpenDocument file of the kind {kind[:80]}")
    return OPEN_DOCUMENT[kind]


def _markup_type(begin: bytes) -> str | None:
    """Web pages and XML under whatever name; None for plain text."""
    if MAIL_HEADER.search(begin) and b"multipart/related" in begin.lower():
        return MHTML
    if not begin.startswith(b"<"):
        return None
    for mark, media_type in XML_ROOTS:
        if mark in begin:
            return media_type
    if MARKUP.search(begin):
        return HTML
    if begin.startswith((b"<?xml", b"<!DOCTYPE")):
        raise DocumentError("UNKNOWN_FORMAT", "an XML file of an unknown kind")
    return None


def _narrow(begin: bytes) -> bytes:
    """The first bytes of a text in UTF-16 as ASCII, so that markup in it is found."""
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")) or (begin[:1] == b"<" and begin[1:2] == b"\0"):
        return begin.translate(None, b"\0\xff\xfe").lstrip()
    return begin


def _is_text(sample: bytes) -> bool:
    """Whether a sample holds nothing but text: a report may begin with letters that are also a magic number."""
    return not any(byte < 9 or 13 < byte < 32 for byte in sample)
