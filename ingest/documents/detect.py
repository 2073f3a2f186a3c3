"""What a file is, told from its bytes. A name or an extension is never asked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from ingest.documents.document import Document, DocumentError

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
PLAIN = "text/plain"

# An archive that unpacks beyond these is refused before a byte of it is unpacked.
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 300
MAX_MEMBERS = 5_000
# What a damaged, cut or encrypted archive may raise while it is read.
ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    LookupError,
    RuntimeError,
    ValueError,
)


def read_document(content: bytes) -> Document:
    """Read a file's bytes into a `Document`. Raises `DocumentError` with a reason code when that is not possible."""
    if not content.strip():
        raise DocumentError("EMPTY_FILE", "the file holds no character")
    media_type = detect(content)
    if media_type == DOCX:
        from ingest.documents.docx import read_docx

        return read_docx(content)
    if media_type == XLSX:
        from ingest.documents.xlsx import read_xlsx

        return read_xlsx(content)
    if media_type == PDF:
        from ingest.documents.pdf import read_pdf

        return read_pdf(content)
    from ingest.documents.plain import read_plain

    return read_plain(content)


def detect(content: bytes) -> str:
    """The media type of a file's bytes. Raises `DocumentError` for an archive that is neither Word nor Excel."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return PLAIN


def _office_type(content: bytes) -> str:
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except ARCHIVE_ERRORS as error:
        raise DocumentError("UNREADABLE", f"the archive is damaged: {error}") from error
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * len(content):
        raise DocumentError("TOO_LARGE", f"{len(members)} members, {unpacked} bytes when unpacked")
    names = {member.filename for member in members}
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise DocumentError("UNKNOWN_FORMAT", "an archive that is neither Word nor Excel")
