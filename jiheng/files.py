"""Files that are never seen half-written, and hashes that name them."""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)
# How a file that is still being written ends: one that a killed process has left is known by it (jiheng.leftovers).
UNFINISHED = ".unfinished"


@contextmanager
def written_beside(path: Path, synced: bool = True) -> Iterator[Path]:
    """Give a temporary path in the same directory; on success sync it and rename it to `path`, else remove it.

    Not `synced` is for one of many files that `sync_filesystem` follows before anything rests on them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=UNFINISHED, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        if synced:
            sync_file(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold the lock of this file, which a process that dies gives back; whoever else wants it waits and says so."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.warning("等待另一个进程做完 · waiting for another process to finish: %s", lock)
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def sync_file(path: Path) -> None:
    """Make a file's bytes outlast a power cut."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_tree(directory: Path) -> None:
    """Make every file below a directory, and the names of all, outlast a power cut."""
    for folder, _, names in os.walk(directory):
        for name in names:
            sync_file(Path(folder, name))
        sync_directory(Path(folder))


def sync_directory(directory: Path) -> None:
    """Make names that were added to or renamed in a directory outlast a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_filesystem(directory: Path) -> None:
    """Make all that was written to the file system of a directory outlast a power cut. Of some thousand files it takes
    a tenth of the time that they take one by one. Raises OSError where something could not be written.
    """
    handle = os.open(directory, os.O_RDONLY)
    try:
        _syncfs(handle)
    finally:
        os.close(handle)


def _syncfs(handle: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "syncfs"):
        os.sync()  # a system other than Linux
    elif libc.syncfs(handle):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def write_bytes(path: Path, content: bytes, synced: bool = True) -> None:
    """Write `content` to `path` in one visible step; `synced` as in `written_beside`."""
    with written_beside(path, synced) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, content: str, synced: bool = True) -> None:
    """Write UTF-8 text to `path` in one visible step, line ends as given; `synced` as in `written_beside`."""
    write_bytes(path, content.encode(), synced)


def write_json(path: Path, value: Any, synced: bool = True) -> None:
    """Write `value` as canonical JSON (sorted keys, Chinese as itself) in one visible step; `synced` as in
    `written_beside`.
    """
    write_text(path, canonical_json(value, indent=2) + "\n", synced)


def canonical_json(value: Any, indent: int | None = None) -> str:
    """JSON with sorted keys: the same value gives the same bytes. Decimals, dates and paths become strings."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | Path):
        return str(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


def sha256_of_bytes(content: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def key_of(*parts: object, length: int = 16) -> str:
    """A short stable key of its parts: the first `length` hex digits of their SHA-256."""
    return sha256_of_bytes("\x1f".join(str(part) for part in parts).encode())[:length]
