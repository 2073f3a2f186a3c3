"""Photographed or scanned pages as PNG or JPEG files."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import Any

from ingest.documents.document import Document, DocumentError
from ingest.documents.ocr import engine_version, is_unreadable, read_page, rules
from ingest.documents.pages import document_of

PNG, JPEG = "image/png", "image/jpeg"
MAGIC = {b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, ArithmeticError, LookupError)
UNREADABLE_DETAIL = "hardly any text could be recognised, or none surely"


def image_type(content: bytes) -> str | None:
    """The media type of a picture, told from its first bytes; None when it is none."""
    return next((media_type for magic, media_type in MAGIC.items() if content.startswith(magic)), None)


def read_image(content: bytes) -> Document:
    """The text and tables of one photographed or scanned page.

    Raises `DocumentError`: damaged, too large, unreadable, or recognition is not installed.
    """
    media_type = image_type(content)
    if media_type is None:
        raise DocumentError("UNKNOWN_FORMAT", "neither PNG nor JPEG")
    engine_version()
    page = read_page(pixels_of(content), 1)
    if is_unreadable(page.blocks):
        raise DocumentError("UNREADABLE_SCAN", UNREADABLE_DETAIL)
    return document_of(media_type, [page])


def pixels_of(content: bytes) -> Any:
    """A picture's pixels, height by width by 3, red first; turned as its camera held it, transparency on white."""
    import numpy as np
    from PIL import Image, ImageOps

    limits = rules()["render"]
    longest = limits["longest_side"]
    with warnings.catch_warnings():
        # The size is checked below, before a pixel is unpacked.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
                if picture.width * picture.height > limits["most_pixels"]:
                    raise DocumentError("TOO_LARGE", f"{picture.width} x {picture.height} pixels")
                picture.draft("RGB", (longest, longest))
                upright = ImageOps.exif_transpose(picture)
                if upright.mode.startswith("I;16"):
                    upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
                if upright.has_transparency_data:
                    upright = upright.convert("RGBA")
                    paper = Image.new("RGBA", upright.size, "white")
                    upright = Image.alpha_composite(paper, upright)
                upright = upright.convert("RGB")
                upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
                return np.asarray(upright)
        except Image.DecompressionBombError as error:
            raise DocumentError("TOO_LARGE", str(error)) from error
        except DAMAGE as error:
            raise DocumentError("UNREADABLE", f"the picture is damaged: {error}") from error
