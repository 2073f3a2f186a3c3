"""Putting an installation back from a backup into an empty home: every hash is checked before anything is in place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from jiheng.backups import metadata
from jiheng.backups.contents import OUTSIDE
from jiheng.backups.store import Backup, BackupError, Store
from jiheng.files import sync_directory, sync_file
from jiheng.settings import Settings

# Files lie here until all of them are there; what a killed restore has left is begun anew.
ASIDE = ".restoring"
# What an empty disk or a mounted volume may hold.
NOTHING = (ASIDE, "lost+found")
AT_ONCE = 8


def find(store: Store, named: str | None) -> Backup:
    """The backup that is meant, by its id or the beginning of it; the newest without one. Raises `BackupError`."""
    backups = store.backups()
    if not backups:
        raise BackupError(f"这里没有备份 there is no backup at {store.root}")
    found = [one for one in backups if one.backup_id.startswith(named or "")]
    if not found:
        raise BackupError(f"没有这个备份 no such backup: {named}")
    return found[-1]


def restore(settings: Settings, store: Store, backup: Backup, replaces_metadata: bool = False) -> list[str]:
    """Put all of a backup in place; gives what a person has to do besides. On a `BackupError` nothing is in place."""
    facts = store.listed(backup)
    entries: list[dict[str, Any]] = facts["entries"]
    _check(settings.home, entries)
    metadata.check_restorable({one["name"] for one in entries}, replaces_metadata)
    aside = settings.home / ASIDE
    _remove(aside)
    aside.mkdir(parents=True)
    _fetch_all(store, entries, aside)
    dumped = aside / metadata.POSTGRES
    if dumped.exists():
        metadata.put_back(dumped)
        dumped.unlink()
    _set_modes(entries, aside)
    _move(aside, settings.home)
    return list(_what_remains(facts, settings))


def _check(home: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    there = [path.name for path in home.iterdir() if path.name not in NOTHING] if home.exists() else []
    if there:
        raise BackupError(
            f"{home} 不是空的（{'、'.join(sorted(there)[:5])}），不会覆盖；请换一个空目录作 JIHENG_HOME"
            " · the home is not empty and is never overwritten: name an empty one"
        )
    for one in entries:
        name = PurePosixPath(one["name"])
        if name.is_absolute() or ".." in name.parts:
            raise BackupError(f"备份清单中的路径不可用 an unusable path in the list: {name}")


def _fetch_all(store: Store, entries: Iterable[Mapping[str, Any]], aside: Path) -> None:
    listed = list(entries)
    for one in listed:
        path = aside / one["name"]
        if "folder" in one:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
        if "link" in one:
            path.symlink_to(one["link"])

    def fetch(one: Mapping[str, Any]) -> None:
        path = aside / one["name"]
        store.fetch(one["sha256"], path)
        path.chmod(one["mode"])
        os.utime(path, ns=(one["mtime_ns"], one["mtime_ns"]))
        sync_file(path)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(fetch, (one for one in listed if "sha256" in one)))


def _set_modes(entries: Iterable[Mapping[str, Any]], aside: Path) -> None:
    """The innermost folders first: one that is read-only takes nothing in any more."""
    folders = [one for one in entries if "folder" in one]
    for one in sorted(folders, key=lambda one: str(one["name"]).count("/"), reverse=True):
        # A folder at the top is renamed into place, which needs the right to write into it.
        (aside / one["name"]).chmod(one["mode"] | (0o200 if "/" not in one["name"] else 0))


def _move(aside: Path, home: Path) -> None:
    # The pointer and the log of publication come last: without them nothing stands yet.
    for path in sorted(aside.iterdir(), key=lambda path: (path.name == "editions", path.name)):
        path.rename(home / path.name)
    aside.rmdir()
    sync_directory(home)


def _what_remains(facts: Mapping[str, Any], settings: Settings) -> Iterable[str]:
    yield "核对：jiheng verify，再看 jiheng status · then check it"
    if not facts["with_secrets"]:
        yield metadata.KEY_REMINDER.format(config=settings.airflow_home / "airflow.cfg")
    for path in sorted((settings.home / OUTSIDE).glob("*")):
        variable = "JIHENG_PUBLIC_KEY" if path.is_file() else "JIHENG_REGISTERS"
        yield f"原在别处的文件放在 {path}，需要时请设置 {variable} · lay elsewhere: set {variable} where you need it"


def _remove(folder: Path) -> None:
    """Remove what a killed restore has left, read-only folders among it."""
    for below, _, _ in os.walk(folder):
        with suppress(FileNotFoundError):
            Path(below).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
