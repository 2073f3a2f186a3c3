"""Packages with a manifest: a parcel of several reports. A package without one is read as one document elsewhere.

The bounds on what is unpacked are those of `ingest.documents.containers`.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.channels.manifest import Declared, Entry, is_manifest, normal, read_manifest
from ingest.channels.names import is_safe, last_part, safe_label
from ingest.documents.containers import ARCHIVE_ERRORS, MAX_MEMBERS, member, opened
from ingest.documents.document import DocumentError
from ingest.documents.packages import IGNORED, name_of
from jiheng.files import sha256_of_bytes

# The record that ends a ZIP file (APPNOTE 4.3.16): its mark, then members (H) and bytes of the directory (I).
END_MARK = b"PK\x05\x06"
END_RECORD = struct.Struct("<4s4xHHI")
END_REACH = 65_557
# A member of ours needs far less in the directory; a larger directory is not even opened.
MOST_DIRECTORY_BYTES = MAX_MEMBERS * 1_024
# A manifest lies at the top of its package or in its only folder.
DEEPEST_PARTS = 2


@dataclass(frozen=True)
class Member:
    """One file of a parcel, or one that should have been in it; with a reason code it goes no further."""

    name: str
    content: bytes | None
    declared: Declared | None = None
    reason_code: str | None = None
    detail: str | None = None


def is_parcel(content: bytes) -> bool:
    """Whether the bytes are a ZIP file with a manifest. What is damaged or too large is none: its reader tells why."""
    at = content.rfind(END_MARK, max(0, len(content) - END_REACH))
    if at < 0 or len(content) - at < END_RECORD.size:
        return False
    _, _, members, size = END_RECORD.unpack_from(content, at)
    if members > MAX_MEMBERS or size > MOST_DIRECTORY_BYTES:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(_manifests(archive))
    except ARCHIVE_ERRORS:
        return False


def members_of(content: bytes) -> Iterator[Member]:
    """What a parcel holds: what its manifest lists in that order, then what it does not list.

    Raises `DocumentError` where the parcel breaks a limit or its manifest cannot be read; then nothing of it is taken.
    """
    with opened(content) as archive:
        path, info = _manifest_of(archive)
        entries = read_manifest(member(archive, info), last_part(path))
        folder = path.removesuffix(last_part(path))
        files = _files(archive, folder)
        listed = {entry.file for entry in entries}
        yield from (_listed(archive, entry, files.get(entry.file, [])) for entry in entries)
        others = sorted(files.keys() - listed - {last_part(path)})
        yield from (_unlisted(archive, name, info) for name in others for info in files[name])


def _manifests(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """Manifests that lie as high as any does."""
    named = [(normal(name_of(info)), info) for info in archive.infolist() if not info.is_dir()]
    found = [
        (name, info)
        for name, info in named
        if is_manifest(last_part(name)) and not IGNORED.search(name) and name.count("/") < DEEPEST_PARTS
    ]
    highest = min((name.count("/") for name, _ in found), default=0)
    return [(name, info) for name, info in found if name.count("/") == highest]


def _manifest_of(archive: zipfile.ZipFile) -> tuple[str, zipfile.ZipInfo]:
    found = _manifests(archive)
    if len(found) != 1:
        names = "、".join(name for name, _ in found)
        raise DocumentError("MANIFEST_UNREADABLE", f"包内有几份清单，只能有一份 · only one is allowed：{names}")
    return found[0]


def _files(archive: zipfile.ZipFile, folder: str) -> dict[str, list[zipfile.ZipInfo]]:
    """Files by their names relative to the manifest; a name that two of them have is kept with both."""
    found: dict[str, list[zipfile.ZipInfo]] = {}
    for info in archive.infolist():
        name = normal(name_of(info))
        if not info.is_dir() and not IGNORED.search(name):
            found.setdefault(name.removeprefix(folder), []).append(info)
    return found


def _listed(archive: zipfile.ZipFile, entry: Entry, infos: list[zipfile.ZipInfo]) -> Member:
    name = entry.file if is_safe(entry.file) else safe_label(entry.file)
    if not infos:
        return Member(name, None, entry.declared, "MEMBER_MISSING", f"清单列有“{name}”")
    if len(infos) > 1:
        return Member(name, None, entry.declared, "UNSAFE_NAME", f"包内有 {len(infos)} 个文件都叫“{name}”")
    found = replace(_member(archive, entry.file, infos[0]), declared=entry.declared)
    if found.content is not None and entry.sha256 not in ("", sha256_of_bytes(found.content)):
        return replace(found, reason_code="MEMBER_HASH_DIFFERS", detail=f"清单写的是 {entry.sha256}")
    return found


def _unlisted(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> Member:
    found = _member(archive, name, info)
    return replace(found, reason_code=found.reason_code or "MEMBER_NOT_LISTED")


def _member(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> Member:
    """One member by itself: what is wrong with it is no harm to the others."""
    safe = is_safe(name)
    label = name if safe else safe_label(name)
    try:
        content = member(archive, info)
    except DocumentError as error:
        return Member(label, None, None, error.reason_code, str(error))
    except ARCHIVE_ERRORS as error:
        return Member(label, None, None, "UNREADABLE", f"the archive is damaged here: {error}")
    reason = "UNSAFE_NAME" if not safe else "NESTED_PARCEL" if is_parcel(content) else None
    return Member(label, content, None, reason)
