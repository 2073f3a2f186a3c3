"""`jiheng rollback`, `freeze`, `retire`, `watchdog`: acts of publication on the command line."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from jiheng.settings import LOCAL_TIME, Settings

Who = Annotated[str, typer.Option("--by", help="谁 · who")]
Why = Annotated[str, typer.Option("--reason", help="为什么 · why")]
EditionId = Annotated[
    str | None, typer.Option("--edition", help="期号（默认现行期） · edition, by default the current")
]


def rollback(
    why: Why, who: Who, to: Annotated[str | None, typer.Option(help="退回到哪一期 · which edition to go to")] = None
) -> None:
    """把指针移回上一期，或移到指定的一期 · point at the edition before, or at another one."""
    from jiheng import sending
    from publish import acts

    settings = Settings.from_environment()
    typer.echo(f"已回到 now at {acts.rollback(settings.editions, {'who': who, 'why': why, 'via': 'cli'}, to)}")
    if sent := sending.send(settings):
        typer.echo(sent)


def freeze(
    fiscal_year: Annotated[int, typer.Argument(help="财政年度 · fiscal year")],
    why: Why,
    who: Who,
    edition_id: EditionId = None,
) -> None:
    """定稿：某年度以某一期为准，以后的不同都标为修订 · declare an edition final for a year."""
    from ingest.officers import authorised
    from jiheng import sending
    from publish.finals import freeze as declare

    settings = Settings.from_environment()
    officer = authorised(settings.registers, who, "freeze", datetime.now(LOCAL_TIME).date())
    final = declare(settings.editions, fiscal_year, {"who": officer.name, "why": why, "via": "cli"}, edition_id)
    mark = f"（修订 {final['revision']}）" if final["revision"] else ""
    typer.echo(f"{fiscal_year} 年度定稿{mark} final: {final['edition_id']}")
    if sent := sending.send(settings):
        typer.echo(sent)


def retire(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出，不清理 · only tell")] = False,
) -> None:
    """按保留规则清理旧期（清单和门禁结果保留） · take away editions whose time is over."""
    from jiheng.housekeeping import keep_house, retention_policy
    from publish.retention import due_for_retirement

    settings = Settings.from_environment()
    today = datetime.now(LOCAL_TIME).date()
    over = (
        list(due_for_retirement(settings.editions, today, retention_policy(settings)))
        if dry_run
        else keep_house(settings, today)
    )
    for name in over:
        typer.echo(name)
    if not over:
        typer.echo("没有到期的 · nothing is due")


def watchdog() -> None:
    """早上查看：这一夜是否发布，现行期是否完好 · was the night published, is the current edition whole."""
    from jiheng.notifying import notify_quietly
    from jiheng.watchdog import watch

    settings, now = Settings.from_environment(), datetime.now(UTC)
    found = watch(settings, now)
    for one in found:
        typer.echo(f"✗ {one}", err=True)
    for line in notify_quietly(settings, now):
        typer.echo(f"通知 notice {line}", err=True)
    if found:
        sys.exit(3)
    typer.echo("已按时发布，现行期完好 · published, and the current edition is whole")
