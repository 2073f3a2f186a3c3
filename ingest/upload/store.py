"""Where uploads lie: `division_key/upload_id/name`, each seen only when it is complete and safe on the disk."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from ingest.receipts import folder_of
from ingest.upload.limits import DAY, Limits
from ingest.upload.names import safe_name
from ingest.upload.refusals import Refusal
from jiheng.files import alone, sha256_of_file, sync_directory

# An upload's id says when it came and what its bytes are, and so sorts by time.
UPLOAD_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{16}")
TIME_FORMAT = "%Y%m%dT%H%M%SZ"
UNFINISHED = ".incoming-"
CHANNEL = "upload"


@dataclass(frozen=True)
class Content:
    """A file as it came in: what the sender calls it, its bytes from their beginning, and what they are."""

    name: str
    stream: IO[bytes]
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Upload:
    """One file handed in over HTTP."""

    division_key: str
    upload_id: str
    path: Path

    @property
    def received_at(self) -> datetime:
        """When it came, to the second."""
        return _time_of(self.upload_id)

    @property
    def source_name(self) -> str:
        """The name that the intake and its receipts use."""
        return f"{CHANNEL}/{self.division_key}/{self.upload_id}/{self.path.name}"

    def receipt(self, receipts: Path) -> Path | None:
        """The page of its newest receipt, beside which lie JSON and workbook of the same name; None before it is read.

        Of the three the page is written last. A file that was read again has several.
        """
        pages = folder_of(receipts, self.source_name).glob("*.html")
        return max(pages, key=lambda page: page.stat().st_mtime_ns, default=None)


@dataclass(frozen=True)
class Uploads:
    """The uploads of one division."""

    root: Path
    division_key: str

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.root / self.division_key

    def keep(self, content: Content, limits: Limits, moment: datetime) -> tuple[Upload, bool]:
        """Store a file and tell whether it is new: the same bytes within a day are the upload that they were.

        Raises `Refusal` when the division has handed in as many as it may.
        """
        with alone(self.folder / ".lock"):
            self._clear_unfinished()
            twin = self._twin(content, moment)
            if twin:
                return twin, False
            self.check_rate(limits, moment)
            return self._write(content, moment), True

    def check_rate(self, limits: Limits, moment: datetime) -> None:
        """Raise `Refusal` when the division has handed in as many files as it may for now."""
        wait = limits.wait_seconds([one.received_at for one in self._since_a_day(moment)], moment)
        if wait:
            raise Refusal("TOO_MANY", {"Retry-After": str(wait)}, retry_after_seconds=wait)

    def find(self, upload_id: str) -> Upload | None:
        """The upload of this id, if it is one of this division's."""
        if not UPLOAD_ID.fullmatch(upload_id):
            return None
        folder = self.folder / upload_id
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        return Upload(self.division_key, upload_id, files[0]) if files else None

    def newest_first(self, before: str | None = None) -> Iterator[Upload]:
        """Uploads, the newest first; only those older than the upload `before`, if it is given."""
        names = (path.name for path in self.folder.iterdir()) if self.folder.is_dir() else ()
        for name in sorted(names, reverse=True):
            upload = self.find(name) if before is None or name < before else None
            if upload:
                yield upload

    def _since_a_day(self, moment: datetime) -> Iterator[Upload]:
        for upload in self.newest_first():
            if upload.received_at <= moment - DAY:
                return
            yield upload

    def _twin(self, content: Content, moment: datetime) -> Upload | None:
        ending = _ending(content)
        alike = (one for one in self._since_a_day(moment) if one.upload_id.endswith(ending))
        return next((one for one in alike if sha256_of_file(one.path) == content.sha256), None)

    def _write(self, content: Content, moment: datetime) -> Upload:
        """Write the bytes beside, then rename them into a folder of their own."""
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=UNFINISHED, delete=False) as unfinished:
            shutil.copyfileobj(content.stream, unfinished)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        upload_id = f"{moment.astimezone(UTC).strftime(TIME_FORMAT)}{_ending(content)}"
        target = self.folder / upload_id / safe_name(content.name)
        target.parent.mkdir()
        Path(unfinished.name).rename(target)
        for directory in (target.parent, self.folder, self.root):
            sync_directory(directory)
        return Upload(self.division_key, upload_id, target)

    def _clear_unfinished(self) -> None:
        """Remove what processes have left that were killed while they wrote: only who holds the lock writes."""
        for path in self.folder.glob(f"{UNFINISHED}*"):
            path.unlink()


def _ending(content: Content) -> str:
    return f"-{content.sha256[:16]}"


def _time_of(upload_id: str) -> datetime:
    return datetime.strptime(upload_id.partition("-")[0], TIME_FORMAT).replace(tzinfo=UTC)
