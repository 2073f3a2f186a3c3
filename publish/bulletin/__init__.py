"""Writes the bulletin (通报) twice: a PDF to file and to print, and a Word file to edit, stamp and forward."""

from __future__ import annotations

from pathlib import Path

from jiheng.files import write_bytes
from publish.bulletin.style import EVERYTHING, Style
from publish.bulletin.text import compose
from publish.bulletin.typeset import STANDARD, FontMissingError, Typefaces, fonts, pdf
from publish.bulletin.word import docx

__all__ = [
    "DOCX_NAME",
    "EVERYTHING",
    "PDF_NAME",
    "FontMissingError",
    "Style",
    "Typefaces",
    "compose",
    "docx",
    "fonts",
    "pdf",
    "write",
]

PDF_NAME = "bulletin.pdf"
DOCX_NAME = "bulletin.docx"


def write(edition: Path, style: Style = EVERYTHING, faces: Typefaces = STANDARD) -> None:
    """Write `bulletin.pdf` and `bulletin.docx` of an edition. The same edition and style give the same bytes.

    Raises FileNotFoundError when the font package is not installed, FontMissingError when a font that is set is not in
    its folder, typst.TypstError when the layout fails.
    """
    text = compose(edition, style)
    write_bytes(edition / PDF_NAME, pdf(text, faces))
    write_bytes(edition / DOCX_NAME, docx(text))
