"""Where backups lie: a folder or a bucket with `objects/` by SHA-256 and `backups/`, a list for each backup."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from jiheng.files import canonical_json, sha256_of_bytes, written_beside

if TYPE_CHECKING:
    from upath import UPath

CHUNK = 1024 * 1024
# The format of the lists. A program that knows only older ones refuses a newer one.
FORMAT = 1
ID_TIME = "%Y%m%dT%H%M%S%fZ"
NAMED = re.compile(r"(\d{8}T\d{12}Z)-([0-9a-f]{12})\.json\.gz")
OTHERS_MAY_READ = 0o007


class BackupError(RuntimeError):
    """A backup that cannot be made, found or read; the message says why and what to do."""


@dataclass(frozen=True)
class Backup:
    """One backup in a store: its id begins with when it was begun and ends with what its list says."""

    backup_id: str

    @property
    def made_at(self) -> datetime:
        """When it was begun."""
        return datetime.strptime(self.backup_id.partition("-")[0], ID_TIME).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Store:
    """A place for backups. Nothing in it is ever changed: files are added, and removed when no list names them."""

    root: UPath

    @cached_property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return self.root.protocol in ("", "file", "local")

    def backups(self) -> list[Backup]:
        """All finished backups, the oldest first."""
        place = self.root / "backups"
        if not place.exists():
            return []
        found = (NAMED.fullmatch(path.name) for path in place.iterdir())
        return sorted((Backup(f"{one[1]}-{one[2]}") for one in found if one), key=lambda one: one.backup_id)

    def listed(self, backup: Backup) -> dict[str, Any]:
        """What a backup's list says. Raises `BackupError` for one that was changed or that is of a newer format."""
        path = self._list_of(backup)
        try:
            content = gzip.decompress(path.read_bytes())
        except (OSError, EOFError) as error:
            raise BackupError(f"备份清单读不出 the list of a backup cannot be read: {path}: {error}") from error
        if sha256_of_bytes(content)[:12] != backup.backup_id.partition("-")[2]:
            raise BackupError(f"备份清单已被改动 the list of a backup was changed: {path}")
        facts: dict[str, Any] = json.loads(content)
        if facts["format"] > FORMAT:
            raise BackupError(
                f"备份由更新的程序写成（格式 {facts['format']}，本程序 {FORMAT}），请先升级绩衡"
                f" · written by a newer program ({facts['jiheng']}): upgrade first"
            )
        return facts

    def finish(self, began: datetime, facts: dict[str, Any]) -> Backup:
        """Write the list of a backup whose files are all there."""
        content = canonical_json({"format": FORMAT, **facts}).encode()
        backup = Backup(f"{began.astimezone(UTC).strftime(ID_TIME)}-{sha256_of_bytes(content)[:12]}")
        self._write(self._list_of(backup), gzip.compress(content, mtime=0))
        return backup

    def path_of(self, digest: str) -> UPath:
        """Where the file with this SHA-256 lies."""
        return self.root / "objects" / digest[:2] / digest

    def put(self, digest: str, source: Path | bytes) -> int:
        """Copy a file's bytes in and read them back. Gives how many were written, 0 for a file that is there already.

        Raises `BackupError` when what lies there is something else: the source was changed while it was copied, or the
        store does not keep what it is given.
        """
        path = self.path_of(digest)
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if path.exists() and path.stat().st_size == size:
            return 0
        self._write(path, source)
        if self.digest_of(digest) != digest:
            path.unlink()
            raise BackupError(f"写入后核对不符，可能磁盘有故障 · not what was written, the disk may fail: {path}")
        return size

    def digest_of(self, digest: str) -> str:
        """The SHA-256 of what lies under a SHA-256; empty where nothing does."""
        path = self.path_of(digest)
        try:
            with path.open("rb") as stream:
                return _digest(stream)
        except FileNotFoundError:
            return ""

    def fetch(self, digest: str, target: Path) -> None:
        """Copy a file out. Raises `BackupError` when it is missing or not what it was."""
        found = hashlib.sha256()
        try:
            with self.path_of(digest).open("rb") as stream, target.open("wb") as written:
                while chunk := stream.read(CHUNK):
                    found.update(chunk)
                    written.write(chunk)
        except FileNotFoundError as error:
            raise BackupError(f"备份中缺少文件 missing in the backup: {digest}（{target.name}）") from error
        if found.hexdigest() != digest:
            raise BackupError(f"备份中的文件已损坏 damaged in the backup: {digest}（{target.name}）")

    def objects(self) -> Iterator[UPath]:
        """Every file in the store, whole or left behind half-written."""
        place = self.root / "objects"
        for folder in place.iterdir() if place.exists() else ():
            yield from folder.iterdir()

    def remove_list(self, backup: Backup) -> None:
        """Take a backup's list away; its files stay until no other list names them."""
        self._list_of(backup).unlink()

    def warnings(self, home: Path) -> list[str]:
        """What a person should know of the place: others may read personal data there, or one disk holds both."""
        if not self.is_local or not self.root.exists():
            return []
        place, found = Path(str(self.root)), []
        if place.stat().st_mode & OTHERS_MAY_READ:
            found.append(f"本机其他用户可以进入备份目录，其中有个人信息：chmod 700 {place} · others may read it")
        if home.exists() and place.stat().st_dev == home.stat().st_dev:
            found.append(
                "备份与数据在同一块磁盘上，磁盘损坏时会一起丢失 · on the same disk as the home: both are lost together"
            )
        return found

    def make(self) -> None:
        """Make a folder for backups, for its owner only."""
        if self.is_local and not self.root.exists():
            Path(str(self.root)).mkdir(parents=True, mode=0o700)

    def _list_of(self, backup: Backup) -> UPath:
        return self.root / "backups" / f"{backup.backup_id}.json.gz"

    def _write(self, path: UPath, source: Path | bytes) -> None:
        """Write in one visible step: a folder by renaming, a bucket by itself."""
        if self.is_local:
            with written_beside(Path(str(path))) as aside, aside.open("wb") as target:
                _copy(source, target)
        elif isinstance(source, bytes):
            path.write_bytes(source)
        else:
            path.fs.put_file(str(source), path.path)


def _copy(source: Path | bytes, target: BinaryIO) -> None:
    if isinstance(source, bytes):
        target.write(source)
        return
    with source.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            target.write(chunk)


def _digest(stream: Any) -> str:
    found = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        found.update(chunk)
    return found.hexdigest()
