"""Taking files in: what is new in the inbox is archived; what is empty or known already goes to quarantine.

The inbox belongs to those who hand files in: Jiheng reads there and never moves, changes or deletes anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.archive import Archive
from ingest.reasons import reasons
from ingest.receipts import FOLDER_ENDING
from jiheng.files import key_of

IGNORED_PREFIXES = (".", "~$")
# Names that programs give to files while they are still uploading or downloading them.
IGNORED_ENDINGS = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".uploading")
# Our own failures, not the sender's: such a file is read again the next night.
TRY_AGAIN = ("READER_FAILED", "READER_TIMEOUT", "CONVERTER_MISSING")


@dataclass(frozen=True)
class Known:
    """An arrival that the lake holds already."""

    source_name: str
    sha256: str
    reason_code: str | None = None


@dataclass(frozen=True)
class Arrival:
    """One file handed in, kept in the archive. With a reason code it goes no further."""

    arrival_id: str
    source_name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    reason_code: str | None = None
    detail: str | None = None
    channel: str = "folder"
    sender_division: str | None = None

    def row(
        self, outcome: str, media_type: str | None, reason_code: str | None, detail: str | None = None
    ) -> dict[str, Any]:
        """The row of the lake's table `arrival`."""
        reason = reasons()[reason_code] if reason_code else {}
        return {
            "arrival_id": self.arrival_id,
            "source_name": self.source_name,
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
            "media_type": media_type,
            "received_at": self.received_at,
            "channel": self.channel,
            "sender_division": self.sender_division,
            "outcome": outcome,
            "reason_code": reason_code,
            "reason_zh": reason.get("reason_zh"),
            "reason_en": reason.get("reason_en"),
            "detail": detail,
        }


def files_in(inbox: Path) -> list[Path]:
    """Files below the inbox in order of their names, without hidden ones and without links out of it."""
    if not inbox.is_dir():
        return []
    found = (path for path in inbox.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if not _is_ignored(path.relative_to(inbox)))


def _is_ignored(name: Path) -> bool:
    """Hidden and temporary files, and the receipts that may be kept beside the files they are of."""
    in_receipts = any(part.endswith(FOLDER_ENDING) for part in name.parts[:-1])
    return in_receipts or name.name.startswith(IGNORED_PREFIXES) or name.name.endswith(IGNORED_ENDINGS)


def take_in(
    inbox: Path,
    archive: Archive,
    known: Sequence[Known],
    moment: datetime,
    delivered: Mapping[str, datetime],
) -> list[Arrival]:
    """Archive every file that was not taken in before, in order of delivery.

    `known` are the arrivals that the lake holds. A file that is among them is passed over without a word, unless our
    own reader failed on it: then it is tried again. The same bytes under another name are a duplicate. `delivered`
    says when a file was handed in elsewhere; without it, `moment`.
    """
    attempts = Counter((one.source_name, one.sha256) for one in known)
    settled = {(one.source_name, one.sha256) for one in known if one.reason_code not in TRY_AGAIN}
    digests = {digest: name for name, digest in settled}
    arrivals = []
    files = [(delivered.get(path.name, moment), path.relative_to(inbox).as_posix(), path) for path in files_in(inbox)]
    for received_at, name, path in sorted(files):
        content = path.read_bytes()
        digest = archive.put(content)
        if (name, digest) in settled:
            continue
        reason = "EMPTY_FILE" if not content.strip() else "DUPLICATE" if digest in digests else None
        attempt = attempts[name, digest]
        arrival_id = key_of(name, digest, attempt) if attempt else key_of(name, digest)
        detail = f"与“{digests[digest]}”相同" if reason == "DUPLICATE" else None
        arrivals.append(Arrival(arrival_id, name, digest, len(content), received_at, reason, detail))
        digests.setdefault(digest, name)
    return arrivals
