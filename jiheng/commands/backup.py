"""`jiheng backup` and `jiheng restore` on the command line."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import LOCAL_TIME, Settings

if TYPE_CHECKING:
    from jiheng.backups.store import Store

Named = Annotated[
    str | None, typer.Option("--backup", help="哪一个备份，默认最近一个 · which one, the newest by default")
]


def backup(
    to: Annotated[
        str | None, typer.Option(metavar="PLACE", help="目录或 s3://…，默认 JIHENG_BACKUP_TO · a folder or a bucket")
    ] = None,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="连同密钥和密码 · secret keys and passwords as well")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="不备份，核对一个备份的全部文件 · check every file of a backup instead")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="列出备份 · list backups")] = False,
    named: Named = None,
    as_json: AsJson = False,
) -> None:
    """备份全部数据（归档、数据湖、各期、登记等），夜间运行时也可 · back everything up, while nights run."""
    from jiheng.backups.store import BackupError

    store = _store(to, "--to")
    try:
        if list_:
            _list(store, as_json)
        elif verify:
            _verify(store, named)
        else:
            _save(store, with_secrets, as_json)
    except BackupError as error:
        fail("E4030", str(error), "docs/operator/backup.md", 4)


def _save(store: Store, with_secrets: bool, as_json: bool) -> None:
    from jiheng.housekeeping import back_up

    began = time.perf_counter()
    saved, gone = back_up(Settings.from_environment(), store, datetime.now(LOCAL_TIME).date(), with_secrets)
    facts = {"backup": saved.backup.backup_id, "files": saved.files, "bytes": saved.size}
    facts |= {"copied_files": saved.copied_files, "copied_bytes": saved.copied_size}
    facts |= {"seconds": round(time.perf_counter() - began, 1), "taken_away": len(gone)}
    if as_json:
        typer.echo(json.dumps(facts))
        return
    typer.echo(f"已备份并核对 backed up and checked: {saved.backup.backup_id} → {store.root}")
    typer.echo(
        f"  {saved.files:,} 个文件 files, {saved.size:,} bytes；其中新写入 new: {saved.copied_files:,} 个 files, "
        f"{saved.copied_size:,} bytes；{facts['seconds']} s；清理旧备份 taken away: {len(gone)}"
    )
    for warning in saved.warnings:
        typer.echo(f"  ! {warning}")


def _list(store: Store, as_json: bool) -> None:
    found = store.backups()
    if as_json:
        typer.echo(json.dumps([one.backup_id for one in found]))
        return
    for one in found:
        typer.echo(f"{one.backup_id}  {one.made_at.astimezone(LOCAL_TIME):%Y-%m-%d %H:%M}")
    if not found:
        typer.echo("还没有备份 · none yet")


def _verify(store: Store, named: str | None) -> None:
    from jiheng.backups.restoring import find
    from jiheng.backups.saving import check

    chosen = find(store, named)
    troubles = check(store, chosen)
    for one in troubles:
        typer.echo(f"✗ {one}", err=True)
    if troubles:
        fail("E4031", f"{chosen.backup_id} 有 {len(troubles)} 处损坏 damaged files", "docs/operator/backup.md", 1)
    typer.echo(f"{chosen.backup_id} 全部完好 · every file is as it was saved")


def restore(
    source: Annotated[
        str | None, typer.Option("--from", metavar="PLACE", help="目录或 s3://…，默认 JIHENG_BACKUP_TO · where from")
    ] = None,
    named: Named = None,
    replace_metadata: Annotated[
        bool, typer.Option("--replace-metadata", help="覆盖已有的 Airflow 元数据库 · replace Airflow's database")
    ] = False,
) -> None:
    """由备份恢复到一个空的 JIHENG_HOME · put an installation back into an empty home."""
    from jiheng.backups import restoring
    from jiheng.backups.store import BackupError

    store, settings = _store(source, "--from"), Settings.from_environment()
    try:
        chosen = restoring.find(store, named)
        typer.echo(f"恢复 restoring {chosen.backup_id} → {settings.home}")
        remaining = restoring.restore(settings, store, chosen, replace_metadata)
    except BackupError as error:
        fail("E4032", str(error), "docs/operator/backup.md", 4)
    typer.echo("已恢复，全部文件核对无误 · restored, every file was checked")
    for line in remaining:
        typer.echo(f"  {line}")


def _store(named: str | None, option: str) -> Store:
    from jiheng.backups.store import Store

    if named:
        os.environ["JIHENG_BACKUP_TO"] = named
    place = Settings.from_environment().backup_to
    if place is None:
        fail("E2042", f"没有写明备份的位置 no place is named: {option}", "设置 set JIHENG_BACKUP_TO", 2)
    return Store(place)
