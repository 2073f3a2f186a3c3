"""Names: what a sender calls a file, made safe for a file system and kept readable for people."""

from __future__ import annotations

import re
import unicodedata

from ingest.channels.names import IGNORED_ENDINGS, IGNORED_PREFIXES

UNNAMED = "未命名"
# Receipts lie in a folder of this name with an ending of its own: see `ingest.receipts.LONGEST_NAME`.
LONGEST_BYTES = 200
LONGEST_SUFFIX_BYTES = 16
# What no name may have on the systems that people unpack our copies on.
FORBIDDEN = re.compile(r'[<>:"|?*]')
LAST_OF_ONE_BYTE = "\xff"


def safe_name(sent: str) -> str:
    """The name to store a file under: no folder, no sign that is invisible or turns text around, not too long.

    Nor does it bear a mark by which the inbox passes over hidden and unfinished files.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", decoded(sent)))[-1]
    visible = "".join(sign for sign in re.sub(r"\s+", " ", last) if not _is_invisible(sign))
    name = _cut(FORBIDDEN.sub("_", unicodedata.normalize("NFC", visible)))
    name = name.strip(" .")
    while name.startswith(IGNORED_PREFIXES):
        name = name[1:].strip(" .")
    if name.lower().endswith(IGNORED_ENDINGS):
        name = "_".join(name.rsplit(".", 1))
    return name or UNNAMED


def decoded(sent: str) -> str:
    """A name that an older Windows sent in GB 18030: a multipart parser hands its bytes on as Latin-1."""
    if sent.isascii() or max(sent) > LAST_OF_ONE_BYTE:
        return sent
    try:
        return sent.encode("latin-1").decode("gb18030")
    except UnicodeDecodeError:
        return sent


def _is_invisible(sign: str) -> bool:
    """Control, format (which turns text around), surrogate, private and unassigned characters; line separators."""
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _cut(name: str) -> str:
    """The name within its length in bytes, its suffix kept where it looks like one."""
    if len(name.encode()) <= LONGEST_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix.encode()) > LONGEST_SUFFIX_BYTES:
        stem, suffix = name, ""
    room = LONGEST_BYTES - len((dot + suffix if suffix else "").encode())
    return stem.encode()[:room].decode(errors="ignore") + (dot + suffix if suffix else "")
