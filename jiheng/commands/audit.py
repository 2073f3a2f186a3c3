"""`jiheng audit`: every act of a person, on the command line."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import Annotated

import typer

from jiheng.commands.options import AsJson
from jiheng.settings import LOCAL_TIME, Settings


def audit(
    since: Annotated[str | None, typer.Option(help="从哪天起，如 2026-03-31 · from this day on")] = None,
    by: Annotated[str | None, typer.Option(help="谁：经办人或批准人 · who did or approved it")] = None,
    with_airflow: Annotated[
        bool, typer.Option("--airflow", help="加上 Airflow 页面和接口上的操作 · with what was done in Airflow")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """操作记录：谁、何时、做了什么、为什么、从哪里 · every act: who, when, what, why, from where; newest first."""
    from jiheng import audit as acts

    settings = Settings.from_environment()
    if with_airflow:
        from jiheng.airflow.installation import environment

        # Airflow reads its settings when it is first imported.
        os.environ.update(environment(settings))
    found = acts.entries(settings, _begin(since) if since else None, by, with_airflow)
    if as_json:
        typer.echo(json.dumps([entry.as_json() for entry in found], ensure_ascii=False))
        return
    for entry in found:
        typer.echo(acts.line_of(entry))
    if not found:
        typer.echo("没有记录 · none")


def _begin(day: str) -> datetime:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=LOCAL_TIME)
    except ValueError as error:
        raise typer.BadParameter(f"日期写作 2027-03-31 · a date like 2027-03-31, not {day}") from error
