"""`jiheng remind`: whose report is awaited, as a table, as JSON and as a workbook with a notice for each division."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import LOCAL_TIME, Settings

if TYPE_CHECKING:
    from jiheng.reminders import Reminders


def remind(
    days: Annotated[int | None, typer.Option(min=0, help="几天内到期的也列出 · due within so many days")] = None,
    on: Annotated[str | None, typer.Option(help="按哪一天算，默认今天 · as of a day, like 2027-03-31")] = None,
    out: Annotated[Path | None, typer.Option(help="写成工作簿 · write a workbook (.xlsx) here")] = None,
    text: Annotated[bool, typer.Option("--text", help="显示各区划的提醒文本 · show each division's notice")] = False,
    as_json: AsJson = False,
) -> None:
    """催报：逾期、即将到期、退回后超期未重报的部门 · departments whose report is awaited, with notices."""
    from jiheng import reminders
    from jiheng.warehouse import NothingBuiltError

    if out is not None and out.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"文件名须以 .xlsx 结尾 · the name must end in .xlsx: {out}")
    try:
        found = reminders.reminders(Settings.from_environment(), _day(on), days)
    except NothingBuiltError as error:
        fail("E4002", str(error), "jiheng build", 4)
    if out is not None:
        reminders.write_workbook(found, out)
    if as_json:
        typer.echo(json.dumps(reminders.as_json(found), ensure_ascii=False, default=str))
        return
    _show(found, text)
    if out is not None:
        typer.echo(f"已写到 written to {out}")


def _show(found: Reminders, text: bool) -> None:
    from rich.console import Console

    from jiheng.reminders import table_of

    if not found.items:
        typer.echo(f"截至 {found.today} 没有需要催报的 · nothing is awaited")
        return
    if not text:
        Console().print(table_of(found))
    for notice in found.notices.values() if text else ():
        typer.echo(f"{notice}\n{'─' * 40}")


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(LOCAL_TIME).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"日期写作 2027-03-31 · a date like 2027-03-31, not {text}") from error
