"""`jiheng nightly`, `airflow`, `intake`, `build`, `publish`: a night, whole or in parts."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson, AsOf, Inbox, Registers, run_id, settings_of
from jiheng.settings import Settings

if TYPE_CHECKING:
    from jiheng.night import Night


def nightly(inbox: Inbox = None, registers: Registers = None, as_json: AsJson = False) -> None:
    """运行一夜：收件到发布 · run a night through Airflow, from the inbox to a published edition."""
    from jiheng.nightly import run_night
    from jiheng.summary import summary_lines

    settings = settings_of(inbox, registers)
    result = run_night(settings, (lambda line: typer.echo(line, err=True)) if as_json else typer.echo)
    if as_json:
        typer.echo(json.dumps({"outcome": result.outcome, **result.facts}, ensure_ascii=False))
    else:
        for line in summary_lines(result):
            typer.echo(line)
    sys.exit(result.exit_code)


def start_airflow(inbox: Inbox = None, registers: Registers = None) -> None:
    """启动 Airflow（网页和调度） · start Airflow with its pages and scheduler; Ctrl-C ends it."""
    from jiheng.airflow.installation import standalone

    sys.exit(standalone(settings_of(inbox, registers), typer.echo))


def intake(inbox: Inbox = None, registers: Registers = None) -> None:
    """只收件：归档、阅读、检查、入湖 · only take in, read, check and land."""
    from jiheng import night

    settings = settings_of(inbox, registers)
    tonight = night.Night.from_json(night.take_in(settings, run_id("intake")))
    night.read_and_check(settings, tonight)
    typer.echo(json.dumps(night.land(settings, tonight), ensure_ascii=False))
    _tell(settings)


def _night(verb: str, as_of: str | None) -> Night:
    from jiheng import night

    try:
        return night.begin(settings_of(), run_id(verb), as_of)
    except night.AsOfError as error:
        fail("E2007", str(error), f"jiheng {verb} --help", 2)


def build(as_of: AsOf = None) -> None:
    """由数据湖建一个未发布的版本 · build a private edition from the lake."""
    from jiheng import night

    settings = settings_of()
    typer.echo(json.dumps(night.build_warehouse(settings, _night("build", as_of)), ensure_ascii=False))


def publish(
    as_of: AsOf = None,
    send: Annotated[
        bool, typer.Option("--send", help="只把当前一期发送到 JIHENG_PUBLISH_TO · only send the current edition there")
    ] = False,
) -> None:
    """不收件，由数据湖建仓、过门禁、发布 · build, gate and publish from the lake, without taking anything in."""
    from jiheng import night
    from jiheng.publication import GateHeld

    if send:
        _send()
        return
    settings, tonight = settings_of(), _night("publish", as_of)
    edition = night.build_warehouse(settings, tonight)
    decided = night.evaluate_gate(settings, tonight, edition)
    try:
        result = night.publish_edition(settings, tonight, edition, decided, night.NOTHING_TAKEN_IN)
    except GateHeld as held:
        _tell(settings)
        fail("E3001", f"门禁未通过，保留上一期 the gate holds: {held}", "jiheng gate explain", 3)
    else:
        typer.echo(f"{result['edition_id']}（{result['publication']}）")
        if result["sent"] is not None:
            typer.echo(result["sent"])
        _tell(settings)


def _send() -> None:
    from jiheng import sending

    told = sending.send(settings_of(), look_at_all=True)
    if told is None:
        fail("E2009", "没有设置 JIHENG_PUBLISH_TO · it names no place", "docs/operator/verification.md", 2)
    typer.echo(told)
    sys.exit(1 if told.startswith("✗") else 0)


def _tell(settings: Settings) -> None:
    """Send notices; what comes of them is no part of a command's own answer."""
    from jiheng.notifying import notify_quietly

    for line in notify_quietly(settings, datetime.now(UTC)):
        typer.echo(f"通知 notice {line}", err=True)
