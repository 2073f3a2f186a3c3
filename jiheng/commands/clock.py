"""`jiheng clock`: whether the machine's clock is believed, and the word of a person that it is right."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from jiheng.settings import LOCAL_TIME, Settings

clock = typer.Typer(
    help="系统时钟：是否可信，由人确认 · whether the machine's clock is believed; a person may confirm it.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@clock.callback()
def look(context: typer.Context) -> None:
    """时钟是否可信 · whether the clock is believed; exit code 3 when it holds the nights."""
    from jiheng.clock import doubt

    if context.invoked_subcommand is not None:
        return
    now = datetime.now(UTC)
    found = doubt(Settings.from_environment(), now)
    typer.echo(str(found) if found else f"{now.astimezone(LOCAL_TIME):%Y-%m-%d %H:%M} 时钟可信 · believed")
    raise typer.Exit(3 if found else 0)


@clock.command()
def confirm(
    by: Annotated[str, typer.Option(help="谁 · who")],
    reason: Annotated[str, typer.Option(help="为什么 · why")],
) -> None:
    """确认现在的日期和时间无误 · confirm that date and time are right now; it is recorded."""
    from jiheng.clock import confirm as record

    if not by.strip() or not reason.strip():
        raise typer.BadParameter("须写明是谁、为什么 · a name and a reason are needed")
    event = record(Settings.from_environment(), by.strip(), reason.strip(), datetime.now(UTC))
    moment = datetime.fromisoformat(event["at"]).astimezone(LOCAL_TIME)
    typer.echo(f"已记录 recorded: {moment:%Y-%m-%d %H:%M} 时钟无误 · the clock is right")
