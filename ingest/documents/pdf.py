"""PDF with a text layer, read by pypdfium2. A scan has none and is sent back with that reason."""

from __future__ import annotations

from ingest.documents.document import Document, DocumentError, TextBuilder
from ingest.documents.lines import tables_in

MAX_PAGES = 200


def read_pdf(content: bytes) -> Document:
    """The text of each page in order. Raises `DocumentError` when encrypted, damaged, too long or without text."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        reason = "ENCRYPTED" if "password" in str(error).lower() else "UNREADABLE"
        raise DocumentError(reason, str(error)) from error
    try:
        if len(pdf) > MAX_PAGES:
            raise DocumentError("TOO_LARGE", f"{len(pdf)} pages")
        builder = TextBuilder()
        for number in range(len(pdf)):
            builder.mark(f"第{number + 1}页")
            builder.add(pdf[number].get_textpage().get_text_bounded().replace("\r\n", "\n") + "\n")
    finally:
        pdf.close()
    text = "".join(builder.parts)
    if not text.strip():
        raise DocumentError("SCAN_WITHOUT_TEXT", "no page has a text layer")
    builder.tables = list(tables_in(text))
    return builder.document("application/pdf")
