"""Airflow's database before a newer Airflow changes it: a copy is kept, and an older Airflow is not let near it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from jiheng.backups import metadata
from jiheng.settings import Settings

# What alembic says of a schema that this Airflow's migrations do not know.
UNKNOWN_SCHEMA = "Can't locate revision"
# What Airflow says of a database whose schema is older than its own.
OLDER_SCHEMA = "Please run `airflow db migrate`"


class MetadataVersionError(RuntimeError):
    """Airflow's database belongs to a newer Airflow than this one."""


class OlderMetadataError(RuntimeError):
    """Airflow's database has an older schema than this Airflow, such as one from an older backup."""

    code = "E4035"


def check(stamped: str, ours: str) -> None:
    """Raise `MetadataVersionError` where the database was last used with a newer Airflow."""
    from packaging.version import Version

    if Version(stamped) > Version(ours):
        raise MetadataVersionError(_told(stamped, ours))


def check_log(log: Path, ours: str) -> None:
    """Raise `MetadataVersionError` where a migration has failed for a schema that this Airflow does not know."""
    if log.exists() and UNKNOWN_SCHEMA in log.read_text(encoding="utf-8", errors="replace")[-20_000:]:
        raise MetadataVersionError(_told("更新的版本 a newer one", ours))


def check_not_older(log: Path) -> None:
    """Raise `OlderMetadataError` where Airflow has refused an older schema."""
    if log.exists() and OLDER_SCHEMA in log.read_text(encoding="utf-8", errors="replace"):
        raise OlderMetadataError(
            "Airflow 的元数据库比程序旧（例如恢复自较早的备份）；删除 airflow/migrated 再运行，会自行升级 · "
            "the metadata database is older than the program; remove that stamp and run again, and it upgrades itself"
        )


def keep_copy(settings: Settings, stamped: str) -> Path | None:
    """Keep a copy of the database as the earlier Airflow left it; gives where. Raises `BackupError`.

    It lies beside the database under the earlier version and the time, and is the operator's to remove.
    """
    folder = settings.airflow_home / f"before-upgrade-from-{stamped}-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    folder.mkdir(parents=True, mode=0o700)
    dumped = metadata.dump(settings, folder)
    if dumped is None:
        folder.rmdir()
        return None
    return dumped[1]


def _told(stamped: str, ours: str) -> str:
    return (
        f"Airflow 的元数据库属于 {stamped}，本程序的 Airflow 是 {ours}，不会降级。请改用较新的绩衡，"
        "或从升级前的副本恢复（airflow/before-upgrade-from-…，见 docs/operator/runbooks/METADATA-TOO-NEW.md）"
        f" · the metadata database belongs to Airflow {stamped}, this is {ours}: use the newer program, or put the "
        "copy from before the upgrade back"
    )
