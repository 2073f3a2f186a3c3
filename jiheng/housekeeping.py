"""What is kept and for how long: published editions, held ones, Airflow's records and logs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from jiheng.backups.saving import Saved, prune, save
from jiheng.backups.store import Backup, Store
from jiheng.settings import LOCAL_TIME, Settings

# How Airflow may be told the address of its database without an environment variable that holds it.
ADDRESSES = ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_SECRET")


class NoDatabaseError(RuntimeError):
    """Airflow's database cannot be reached from this machine."""


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


def clear_logs(settings: Settings, logs: str, now: datetime) -> int:
    """Remove log files of Airflow that are older than its records, and folders that are empty then. Gives how many."""
    before = (now - timedelta(days=settings.airflow_keep_days)).timestamp()
    old = [path for path in Path(logs).rglob("*") if path.is_file() and path.lstat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    for folder in sorted({parent for path in old for parent in path.relative_to(logs).parents}, reverse=True):
        with suppress(OSError):  # not empty, or the folder of logs itself
            Path(logs, folder).rmdir()
    return len(old)


def clear_records(settings: Settings, now: datetime) -> None:
    """Remove old rows of Airflow's database by its own command.

    Raises `NoDatabaseError` where the address of the database is known to Airflow's own processes only: then the
    command belongs to one of them, like the scheduler's machine.
    """
    from jiheng.airflow import installation

    is_embedded = (settings.airflow_home / "airflow.db").exists()
    if not is_embedded and not any(name in os.environ for name in ADDRESSES):
        raise NoDatabaseError(
            "本机不能访问 Airflow 的数据库，请在调度器上运行 airflow db clean · run `airflow db clean` by the scheduler"
        )
    before = (now - timedelta(days=settings.airflow_keep_days)).isoformat()
    command = ["db", "clean", "--clean-before-timestamp", before, "--skip-archive", "--yes"]
    installation.run(settings, command, settings.home / "logs" / "airflow.log")
