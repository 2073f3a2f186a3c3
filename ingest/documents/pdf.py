"""PDF with a text layer, read by pypdfium2. A scan has none and is sent back with that reason."""

from __future__ import annotations

from ingest.documents.document import Document, DocumentError, TextBuilder
from ingest.documents.lines import tables_in

MAX_PAGES = 200


def read_pdf(content: bytes) -> Document:
    """The text of each page in order. Raises `DocumentError` when encrypted, damaged, too long or without text."""
    import pypdfium2

    try:
        builder = _pages(content)
    except pypdfium2.PdfiumError as error:
        reason = "ENCRYPTED" if "password" in str(error).lower() else "UNREADABLE"
        raise DocumentError(reason, str(error)) from error
    text = "".join(builder.parts)
    if not text.strip():
        raise DocumentError("SCAN_WITHOUT_TEXT", "no page has a text layer")
    builder.tables = list(tables_in(text))
    return builder.document("application/pdf")


def _pages(content: bytes) -> TextBuilder:
    import pypdfium2

    builder = TextBuilder()
    with pypdfium2.PdfDocument(content) as pdf:
        if len(pdf) > MAX_PAGES:
            raise DocumentError("TOO_LARGE", f"{len(pdf)} pages")
        for number in range(len(pdf)):
            builder.mark(f"第{number + 1}页")
            builder.add(pdf[number].get_textpage().get_text_bounded().replace("\r\n", "\n") + "\n")
    return builder
