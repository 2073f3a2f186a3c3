"""Zip files (docx, site.zip) whose bytes do not tell when they were written."""

from __future__ import annotations

import io
import zipfile

# The earliest date that the zip format knows.
EPOCH = (1980, 1, 1, 0, 0, 0)
BEST = 9


def without_times(content: bytes) -> bytes:
    """The same zip with every entry dated EPOCH, entries in their order, so that equal content gives equal bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
        for name in source.namelist():
            add(result, name, source.read(name))
    return target.getvalue()


def add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file to a zip, dated EPOCH, as small as the format allows every system to read."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    # Unix, on every system, as the rights above say.
    entry.create_system = 3
    archive.writestr(entry, content, compresslevel=BEST)
