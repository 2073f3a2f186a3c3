"""Making a backup while nights run, checking one, and taking away those whose time is over."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from jiheng.backups import metadata
from jiheng.backups.contents import Entry, entries_of
from jiheng.backups.store import Backup, BackupError, Store
from jiheng.files import alone, sha256_of_bytes, sha256_of_file
from jiheng.identity import code_version
from jiheng.settings import LOCAL_TIME, Settings

# So many files are copied at once: a bucket answers late, and a disk is kept busy by a few.
AT_ONCE = 8
# A file that vanished while it was copied (an edition that was retired just then) makes one more try.
TRIES = 3
Digests = dict[str, str]


@dataclass(frozen=True)
class Saved:
    """A backup that was made: files and bytes in it, and how much of that was new to the store."""

    backup: Backup
    files: int
    size: int
    copied_files: int
    copied_size: int
    warnings: tuple[str, ...]


def save(settings: Settings, store: Store, with_secrets: bool = False) -> Saved:
    """Make a backup. Raises `BackupError`; then the last good one stands."""
    _check_place(settings, store)
    store.make()
    with alone(settings.home / ".backup.lock"):
        for left in range(TRIES - 1, -1, -1):
            try:
                return _save(settings, store, with_secrets)
            except FileNotFoundError:
                if not left:
                    raise
    raise AssertionError("unreachable")


def _save(settings: Settings, store: Store, with_secrets: bool) -> Saved:
    began = datetime.now(UTC)
    earlier = store.backups()
    known = store.listed(earlier[-1])["entries"] if earlier else []
    saving = _Saving(store, {one["name"]: one for one in known if "sha256" in one})
    with _still(settings):
        entries = entries_of(settings, with_secrets)
        saving.keep_now([one for one in entries if one.is_file and not one.is_written_once])
        about = _about(settings)
    saving.keep([one for one in entries if one.is_file and one.is_written_once])
    listed = [one.facts() | ({"sha256": saving.digests[one.name]} if one.is_file else {}) for one in entries]
    listed += saving.keep_metadata(settings)
    facts = {"entries": listed, "with_secrets": with_secrets, "home": str(settings.home), "jiheng": code_version()}
    backup = store.finish(began, facts | about)
    sizes = [one["size"] for one in listed if "size" in one]
    warnings = store.warnings(settings.home)
    if not with_secrets:
        warnings.append(metadata.KEY_REMINDER.format(config=settings.airflow_home / "airflow.cfg"))
    return Saved(backup, len(sizes), sum(sizes), saving.copied_files, saving.copied_size, tuple(warnings))


def check(store: Store, backup: Backup) -> list[str]:
    """Read every file of a backup and tell what is missing or damaged."""
    names: dict[str, str] = {}
    for one in store.listed(backup)["entries"]:
        if "sha256" in one:
            names.setdefault(one["sha256"], one["name"])

    def look(digest: str) -> str | None:
        found = store.digest_of(digest)
        if found == digest:
            return None
        return f"{'缺少 missing' if not found else '已损坏 damaged'}: {names[digest]}（{digest[:12]}）"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [trouble for trouble in pool.map(look, sorted(names)) if trouble]


def over(backups: Iterable[Backup], today: date, policy: Mapping[str, int | None]) -> list[Backup]:
    """Backups whose time is over by the register `retention`. The newest one always stays."""
    earlier = sorted(backups, key=lambda one: one.backup_id)[:-1]
    days = {one: one.made_at.astimezone(LOCAL_TIME).date() for one in earlier}
    last_of_month = {[*some][-1] for _, some in groupby(days, key=lambda one: f"{days[one]:%Y-%m}")}
    found = []
    for one, day in days.items():
        keep = policy["backup_month_end" if one in last_of_month else "backup"]
        if keep is not None and (today - day).days > keep:
            found.append(one)
    return found


def prune(settings: Settings, store: Store, today: date, policy: Mapping[str, int | None]) -> list[Backup]:
    """Take away backups whose time is over, then files that no list names any more."""
    with alone(settings.home / ".backup.lock"):
        gone = over(store.backups(), today, policy)
        for backup in gone:
            store.remove_list(backup)
        if gone:
            lists = [store.listed(backup)["entries"] for backup in store.backups()]
            named = {one["sha256"] for entries in lists for one in entries if "sha256" in one}
            for path in store.objects():
                if path.name not in named:
                    with suppress(FileNotFoundError):
                        path.unlink()
    return gone


class _Saving:
    """Copies files into the store and remembers their digests; files that look as they did are not read again."""

    def __init__(self, store: Store, known: Mapping[str, Mapping[str, Any]]) -> None:
        self.store, self.known = store, known
        self.digests: Digests = {}
        self.copied_files = self.copied_size = 0
        self._taken: set[str] = set()
        self._taking = Lock()

    def keep_now(self, entries: Iterable[Entry]) -> None:
        """Copy files that others append to: as many bytes as there are in this moment."""
        for entry in entries:
            content = entry.path.read_bytes()
            digest = self.digests[entry.name] = sha256_of_bytes(content)
            self._count(self.store.put(digest, content))

    def keep(self, entries: Iterable[Entry]) -> None:
        """Copy files that were written once, several at a time."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for entry, digest, size in pool.map(self._keep, entries):
                self.digests[entry.name] = digest
                self._count(size)

    def keep_metadata(self, settings: Settings) -> list[dict[str, Any]]:
        """Copy Airflow's database; gives its line of the list."""
        with tempfile.TemporaryDirectory(prefix="jiheng-backup-") as folder:
            dumped = metadata.dump(settings, Path(folder))
            if dumped is None:
                return []
            name, path = dumped
            digest, state = sha256_of_file(path), path.stat()
            self._count(self.store.put(digest, path))
        facts = {"name": name, "mode": 0o600, "size": state.st_size, "mtime_ns": state.st_mtime_ns}
        return [facts | {"sha256": digest}]

    def _keep(self, entry: Entry) -> tuple[Entry, str, int]:
        known = self.known.get(entry.name)
        looks = (entry.state.st_size, entry.state.st_mtime_ns)
        if known and (known["size"], known["mtime_ns"]) == looks:
            return entry, known["sha256"], 0
        digest = sha256_of_file(entry.path)
        with self._taking:
            is_first = digest not in self._taken
            self._taken.add(digest)
        return entry, digest, self.store.put(digest, entry.path) if is_first else 0

    def _count(self, size: int) -> None:
        self.copied_files += bool(size)
        self.copied_size += size


def _about(settings: Settings) -> dict[str, Any]:
    """What stands at this moment: the edition, and the state of the lake."""
    from ingest.lake import Lake
    from publish import editions

    standing = editions.current(settings.editions)
    lake = Lake(settings.lake)
    digest, last = lake.state(datetime.max.replace(tzinfo=UTC))
    return {"edition": standing.name if standing else None, "lake_digest": digest, "lake_as_of": last.isoformat()}


def _still(settings: Settings) -> Any:
    """Nobody publishes, takes back or lands: for the moment in which all is listed and what grows is copied."""
    from contextlib import ExitStack

    from ingest.lake import Lake
    from publish.editions import LOCK_NAME

    stack = ExitStack()
    stack.enter_context(alone(settings.editions / LOCK_NAME))
    stack.enter_context(Lake(settings.lake).alone())
    return stack


def _check_place(settings: Settings, store: Store) -> None:
    if store.is_local and Path(str(store.root)).resolve().is_relative_to(settings.home):
        raise BackupError("备份不能放在 JIHENG_HOME 之内 · a backup must not lie inside of what it saves")
    if not (settings.lake / "batches").is_dir():
        raise BackupError(f"{settings.home} 还没有数据湖，没有可备份的 · there is nothing to back up yet")
