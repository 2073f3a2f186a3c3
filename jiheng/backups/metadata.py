"""Airflow's own database in a backup: SQLite by its backup call, PostgreSQL by `pg_dump`."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from jiheng.backups.store import BackupError
from jiheng.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
SQLITE, POSTGRES = "airflow/airflow.db", "airflow/metadata.pgdump"
KEY_REMINDER = (
    "备份中没有 Airflow 的加密密钥（fernet_key）：没有它，恢复后 Airflow 中保存的连接读不出。"
    "请另行妥善保管 AIRFLOW__CORE__FERNET_KEY 或 {config}，或用 --with-secrets"
    " · Airflow's encryption key is not in the backup; keep it elsewhere, or back up --with-secrets"
)


def postgres_url() -> URL | None:
    """The PostgreSQL database that Airflow's settings name, or None where it is the embedded SQLite file.

    Raises `BackupError` for a database of another kind.
    """
    named = os.environ.get(CONNECTION)
    if not named and os.environ.get(f"{CONNECTION}_CMD"):
        asked = ["/bin/sh", "-c", os.environ[f"{CONNECTION}_CMD"]]
        named = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    if not named or named.startswith("sqlite"):
        return None
    from sqlalchemy.engine import make_url

    url = make_url(named)
    if url.get_backend_name() != "postgresql":
        raise BackupError(f"不会备份这种数据库 cannot back up a database of this kind: {url.get_backend_name()}")
    return url


def dump(settings: Settings, folder: Path) -> tuple[str, Path] | None:
    """Write a consistent copy into the folder while Airflow runs; gives its name in a backup and where it lies."""
    url = postgres_url()
    if url is not None:
        target = folder / "metadata.pgdump"
        _run("pg_dump", url, ["--format=custom", "--no-owner", f"--file={target}"])
        return POSTGRES, target
    source = settings.home / SQLITE
    if not source.exists():
        return None
    copy_sqlite(source, folder / "airflow.db")
    return SQLITE, folder / "airflow.db"


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database as it is at one moment, whoever writes into it."""
    with closing(sqlite3.connect(source, timeout=60)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        [(state,)] = copy.execute("pragma integrity_check").fetchall()
    if state != "ok":
        raise BackupError(f"Airflow 的数据库已损坏 Airflow's database is damaged: {source}: {state}")


def check_restorable(names: set[str], replaces: bool) -> None:
    """Raise `BackupError` where a dump cannot be put back: no database is named for it, or that one is in use."""
    if POSTGRES not in names:
        return
    url = postgres_url()
    if url is None:
        raise BackupError(
            f"备份中有 PostgreSQL 元数据，请设置 {CONNECTION} 指向一个空库 · name an empty database for the metadata"
        )
    if not replaces and _is_in_use(url):
        raise BackupError(
            "元数据库中已有运行记录，不覆盖；确要覆盖请加 --replace-metadata"
            " · the metadata database has runs in it; --replace-metadata replaces it"
        )


def put_back(dumped: Path) -> None:
    """Fill the PostgreSQL database from a dump, all of it or nothing."""
    url = postgres_url()
    if url is None:
        raise BackupError(f"没有设置 {CONNECTION} · it names no database")
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={url.database}"]
    _run("pg_restore", url, [*options, str(dumped)])


def _is_in_use(url: URL) -> bool:
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("dag_run"):
                return False
            return bool(connection.execute(text("select exists (select 1 from dag_run)")).scalar())
    finally:
        engine.dispose()


def _run(program: str, url: URL, options: list[str]) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, not by the command line."""
    found = shutil.which(program)
    if not found:
        raise BackupError(
            f"缺少程序 {program}，请安装 PostgreSQL 客户端（Debian：apt-get install postgresql-client）"
            f" · {program} is not here: install the client programs of PostgreSQL"
        )
    named = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    named |= {"PGDATABASE": url.database}
    environment = os.environ | {key: str(value) for key, value in named.items() if value}
    ran = subprocess.run([found, *options], env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise BackupError(f"{program}: {ran.stderr.strip()[-500:]}")
