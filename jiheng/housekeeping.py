"""What is kept and for how long: published editions, held ones, and what killed runs have left behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from jiheng.backups.saving import Saved, prune, save
from jiheng.backups.store import Backup, Store
from jiheng.settings import LOCAL_TIME, Settings


def retention_policy(settings: Settings) -> dict[str, int | None]:
    """Days that each kind is kept, from the registers `retention`; the installation's own rules come last and win."""
    from ingest.registers import RETENTION, read_rows

    policy: dict[str, int | None] = {}
    for row in read_rows(settings.registers, RETENTION):
        days = row["keep_days"]
        if days and not (days.isascii() and days.isdigit()):
            raise row.error("keep_days", "应为天数，空为长期保留", "it must be a number of days, or empty for good")
        policy[row["kind"]] = int(days) if days else None
    return policy


def keep_house(settings: Settings, today: date) -> list[str]:
    """Take away what the rules say is over. Gives the ids of editions that went, published or held."""
    from jiheng import sending
    from publish.acts import UNRECORDED
    from publish.retention import retire

    policy = retention_policy(settings)
    gone = retire(settings.editions, today, policy)
    sending.send(settings)
    unpublished = [*(settings.home / "held").glob("*"), *settings.editions.glob(f".*{UNRECORDED}")]
    return gone + _old_folders(unpublished, policy["held"], today)


def back_up(settings: Settings, store: Store, today: date, with_secrets: bool = False) -> tuple[Saved, list[Backup]]:
    """Make a backup, then take away those whose time is over. Raises `BackupError`, and then none is taken away."""
    saved = save(settings, store, with_secrets)
    return saved, prune(settings, store, today, retention_policy(settings))


def _old_folders(folders: Iterable[Path], keep_days: int | None, today: date) -> list[str]:
    gone = []
    for folder in sorted(folders) if keep_days is not None else ():
        changed = datetime.fromtimestamp(folder.stat().st_mtime, LOCAL_TIME).date()
        if (today - changed).days > (keep_days or 0):
            shutil.rmtree(folder)
            gone.append(folder.name)
    return gone
