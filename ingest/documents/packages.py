"""ZIP packages of several files, as counties send a report together with its forms: read as one document."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator

from ingest.documents.containers import MAX_UNPACKED_BYTES, member, opened
from ingest.documents.document import Document, DocumentError, Note, joined
from ingest.documents.plain import decode
from ingest.reasons import kind_of

MEDIA_TYPE = "application/zip"
DEEPEST = 2
MOST_DOCUMENTS = 50
LONGEST_NAME = 60
UTF8_FLAG = 0x800
# What file managers and office programs leave in a package.
IGNORED = re.compile(r"(?:^|[/\\])(?:__MACOSX[/\\]|\.[^./\\]|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)

Read = Callable[[bytes, "Budget"], Document]


class Budget:
    """What may still be unpacked of one file, however its packages are nested."""

    def __init__(self) -> None:
        self.bytes = MAX_UNPACKED_BYTES
        self.documents = MOST_DOCUMENTS
        self.depth = DEEPEST

    @property
    def is_spent(self) -> bool:
        """Whether more was asked for than there is."""
        return self.bytes < 0 or self.documents < 0

    def take(self, size: int) -> None:
        """Use up what one member needs. Raises `DocumentError` when there is no more."""
        self.bytes -= size
        self.documents -= 1
        if self.is_spent:
            raise DocumentError(
                "TOO_LARGE", f"more than {MOST_DOCUMENTS} files or {MAX_UNPACKED_BYTES} bytes in packages"
            )


def read_package(content: bytes, budget: Budget, read: Read) -> Document:
    """The members that can be read, in order of their names; the others are noted.

    Raises `DocumentError` when the package breaks a limit, and the first member's reason when none can be read.
    """
    if budget.depth == 0:
        raise DocumentError("TOO_LARGE", f"packages nested more than {DEEPEST} deep")
    budget.depth -= 1
    parts: list[tuple[str, Document]] = []
    refusals: list[tuple[str, DocumentError]] = []
    with opened(content) as archive:
        for name, info in sorted(_members(archive), key=lambda one: one[0]):
            budget.take(info.file_size)
            try:
                parts.append((f"附件《{name}》", read(member(archive, info), budget)))
            except DocumentError as refusal:
                # What is not the sender's is tried again with the whole package.
                if kind_of(refusal.reason_code) == "ours" or budget.is_spent:
                    raise
                refusals.append((name, refusal))
    budget.depth += 1
    if not parts:
        raise _first_of(refusals)
    return joined(MEDIA_TYPE, parts, [_note(name, refusal) for name, refusal in refusals])


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Files of a package with the names that people gave them."""
    for info in archive.infolist():
        name = name_of(info)
        if info.file_size and not info.is_dir() and not IGNORED.search(name):
            yield label_of(name), info


def name_of(info: zipfile.ZipInfo) -> str:
    """A member's name. Chinese programs write GBK; without its flag, Python has read it as code page 437."""
    if info.flag_bits & UTF8_FLAG:
        return info.orig_filename
    try:
        return decode(info.orig_filename.encode("cp437"))
    except (DocumentError, UnicodeEncodeError):
        return info.orig_filename


def label_of(name: str) -> str:
    """The last part of a name without signs that would be read as more than a name. It is never used as a path."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    return "".join(character for character in last if character.isprintable() and character not in "《》")[
        :LONGEST_NAME
    ]


def _first_of(refusals: list[tuple[str, DocumentError]]) -> DocumentError:
    if not refusals:
        return DocumentError("EMPTY_FILE", "the package holds no file")
    name, refusal = refusals[0]
    return DocumentError(refusal.reason_code, f"附件《{name}》：{refusal}")


def _note(name: str, refusal: DocumentError) -> Note:
    return Note("MEMBER_UNREADABLE", f"附件《{name}》：{refusal.reason_code}")
