"""Names that others have chosen: which of them may become parts of our own paths, and what to call the rest."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import PurePosixPath

from ingest.documents.directions import straight
from ingest.documents.packages import label_of
from jiheng.files import key_of

# What one part of a path may have in bytes on common file systems, with room for an ending of ours.
LONGEST_PART = 240
DRIVE = re.compile(r"^[A-Za-z]:")
# Control characters, halves of characters, and separators of lines and paragraphs.
UNWRITABLE = ("Cc", "Cs", "Zl", "Zp")
IGNORED_PREFIXES = (".", "~$")
# Names that programs give to files while they are still uploading or downloading them.
IGNORED_ENDINGS = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".uploading")


def is_passed_over(name: str) -> bool:
    """Whether a file's own name (the last part) is that of a hidden or a temporary file."""
    return name.startswith(IGNORED_PREFIXES) or name.lower().endswith(IGNORED_ENDINGS)


def is_safe(name: str) -> bool:
    """Whether a relative name can be a path below a folder of ours: nothing leads out of it, all can be written."""
    parts = name.split("/")
    return (
        not DRIVE.match(name)
        and "\\" not in name
        and not any(unicodedata.category(character) in UNWRITABLE for character in name)
        and all(part not in ("", ".", "..") and len(part.encode()) <= LONGEST_PART for part in parts)
    )


def safe_label(name: str) -> str:
    """What to call a file whose name is not safe: a mark of its own and its last part, cut and cleaned."""
    return f"{key_of(name.encode(errors='replace'), length=8)}-{label_of(name).strip('. ')}"


def readable(name: str) -> str:
    """A local name as text, without marks that turn the direction of writing. Chinese programs write GBK names, which
    Python gives as bytes that are no text.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", errors="replace")
    return straight(name)


def below(address: str, root: str) -> str:
    """The name of a file relative to the place that it lies in."""
    return address.removeprefix(root.rstrip("/")).removeprefix("/")


def last_part(name: str) -> str:
    """A file's own name without its folders."""
    return PurePosixPath(name).name
