"""Troubles with the disk in words for the person who runs Jiheng: where, what, and how to mend it."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# What a process that met such an error ends with, so that its parent can tell it again.
EXIT_BASE = 128
AFTERWARDS = "没有留下不完整的数据，处理后再运行一次即可 · nothing half-done is left; mend it and run again"


@dataclass(frozen=True)
class Kind:
    """One kind of trouble: the numbers and the words by which it is known, and what to say."""

    code: str
    numbers: frozenset[int]
    signs: tuple[str, ...]
    told: str
    remedy: str


KINDS = (
    Kind(
        "E4010",
        frozenset({errno.ENOSPC, errno.EDQUOT}),
        ("No space left on device", "database or disk is full", "Disk quota exceeded"),
        "磁盘已满 · the disk is full",
        "清理磁盘，或将 JIHENG_HOME 移到更大的磁盘 · free space, or move JIHENG_HOME to a larger disk",
    ),
    Kind(
        "E4011",
        frozenset({errno.EROFS}),
        ("Read-only file system", "attempt to write a readonly database"),
        "磁盘只读 · the disk is read-only",
        "检查磁盘并重新挂载为可写 · check the disk and mount it writable",
    ),
    Kind(
        "E4012",
        frozenset({errno.EACCES, errno.EPERM}),
        ("Permission denied",),
        "没有写入或读取权限 · no permission to write or read",
        "将目录的权限授予运行绩衡的用户 · give the user who runs Jiheng rights to the directory",
    ),
    Kind(
        "E4013",
        frozenset({errno.EIO}),
        ("Input/output error",),
        "磁盘读写出错 · the disk fails",
        "检查磁盘，必要时从备份恢复 · check the disk, restore from the backup where needed",
    ),
    Kind(
        "E4014",
        frozenset(),
        ("Could not set lock on file",),
        "数据仓库文件被另一个程序占用 · a warehouse file is held by another program",
        "关闭占用它的程序（括号中的 PID），只读打开则不占用 · end the program named by its PID; open files read-only",
    ),
)


@dataclass(frozen=True)
class Trouble:
    """A trouble that was met, at a place where one is known."""

    kind: Kind
    place: str | None

    def __str__(self) -> str:
        return f"{self.kind.told}：{self.place}" if self.place else self.kind.told


def trouble_of(error: BaseException, place: Path | None = None) -> Trouble | None:
    """The trouble with the disk behind an error, or None where it is of another kind.

    `place` is named where the error itself names none.
    """
    for one in _chain(error):
        number = one.errno if isinstance(one, OSError) else None
        for kind in KINDS:
            if number in kind.numbers or any(sign in str(one) for sign in kind.signs):
                return Trouble(kind, _place(one) or (str(place) if place else None))
    return None


def check_writable(directory: Path) -> None:
    """Write and remove a small file. Raises the `OSError` of a disk that is full, read-only or not ours."""
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryFile(dir=directory) as stream:
            stream.write(b"\0" * 65536)
            stream.flush()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(directory)) from error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _place(error: BaseException) -> str | None:
    """The file that could not be written or read; else the words, which name it."""
    if isinstance(error, OSError) and error.filename is not None:
        return str(error.filename)
    words = str(error).partition("\n")[0]
    return words[:300] if "/" in words else None
