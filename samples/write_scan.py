"""Scans: the pages of the PDF as pictures, without a letter of text in the file."""

from __future__ import annotations

import io

from PIL import Image
from pypdfium2 import PdfDocument

from samples.blocks import Block
from samples.write_pdf import pdf_file

DOTS_AN_INCH = 150
POINTS_AN_INCH = 72
# A photograph shows one page: the title, who reports, and what comes first.
BLOCKS_ON_A_PAGE = 9


def scanned_pdf(blocks: list[Block]) -> bytes:
    """Every page as a picture, in a .pdf file; the same blocks give the same bytes."""
    first, *others = _pictures(blocks)
    target = io.BytesIO()
    # Without these two Pillow writes down when the file was made.
    times = {"creationDate": None, "modDate": None}
    first.save(target, "PDF", save_all=True, append_images=others, resolution=DOTS_AN_INCH, **times)
    return target.getvalue()


def scanned_page(blocks: list[Block]) -> bytes:
    """The first page as a photograph, in a .jpg file."""
    target = io.BytesIO()
    _pictures(blocks[:BLOCKS_ON_A_PAGE])[0].save(target, "JPEG", quality=80)
    return target.getvalue()


def _pictures(blocks: list[Block]) -> list[Image.Image]:
    with PdfDocument(pdf_file(blocks)) as document:
        pages = [page.render(scale=DOTS_AN_INCH / POINTS_AN_INCH) for page in document]
        return [page.to_pil().convert("L") for page in pages]
