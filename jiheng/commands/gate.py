"""`jiheng gate`: what the gate said, why, and exceptions from it, on the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import Settings

gate = typer.Typer(
    help="发布门禁：上一次的结论、原因和例外 · what the gate said last, why, and exceptions from it.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@gate.callback()
def show(context: typer.Context) -> None:
    """上一次门禁的结果 · what the gate said last, and why."""
    from jiheng.gate_words import decision_lines

    if context.invoked_subcommand is None:
        for line in decision_lines(Settings.from_environment()):
            typer.echo(line)


@gate.command()
def explain(
    edition: Annotated[
        str | None, typer.Argument(help="期号，默认最近一次 · id of an edition, else the newest")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """为什么没有发布，怎样才能发布 · why the night was held, and what would release it."""
    from jiheng import gate_words

    try:
        told = gate_words.explain(Settings.from_environment(), edition)
    except gate_words.NothingDecidedError as error:
        fail("E2008", str(error), "jiheng gate", 2)
    if as_json:
        typer.echo(json.dumps(told.as_json(), ensure_ascii=False, default=str))
        return
    for line in gate_words.explanation_lines(told):
        typer.echo(line)


@gate.command()
def waive(
    expectation: Annotated[str, typer.Argument(help="校验编号，如 K10 · id of the expectation")],
    reason: Annotated[str, typer.Option(help="理由 · why")],
    by: Annotated[str, typer.Option(help="经办人 · who asks for it")],
    approver: Annotated[str, typer.Option(help="批准人 · who approved it")],
    until: Annotated[str, typer.Option(help="最后有效日 · last day it holds, like 2027-03-31")],
    key: Annotated[
        list[str] | None, typer.Option(help="只放行这一条（可多次），见 jiheng gate · only this row; may be repeated")
    ] = None,
    keys_file: Annotated[
        Path | None, typer.Option(help="每行一条的文件 · a file with one row a line", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """批准一项例外：须有理由、登记的批准人、到期日 · an exception: reason, a registered approver, a last day."""
    from ingest.acts import ActError
    from ingest.officers import NotAuthorisedError
    from jiheng.exceptions import approve

    listed = keys_file.read_text(encoding="utf-8").splitlines() if keys_file else []
    keys = {*(key or ()), *(line.strip() for line in listed if line.strip())}
    settings, now = Settings.from_environment(), datetime.now(UTC)
    try:
        row = approve(settings, expectation, by, approver, reason, _day(until), keys, now)
    except (ActError, NotAuthorisedError) as error:
        fail("E2005", str(error), "jiheng gate waive --help", 2)
    typer.echo(f"已记录 recorded: {row['act_id']}\n下次建仓生效 · takes effect with the next build: jiheng publish")


@gate.command()
def override(
    edition: Annotated[str, typer.Argument(help="被拦截的期号 · id of the held edition")],
    reason: Annotated[str, typer.Option(help="理由，印在每一页上 · why; it stands on every page")],
    by: Annotated[str, typer.Option(help="放行人：登记的姓名或账号 · who: a registered name or account")],
) -> None:
    """放行被拦截的一期：须为登记的人员 · publish a held edition in spite of the gate, on an officer's word."""
    from ingest.officers import NotAuthorisedError
    from jiheng.notifying import notify_quietly
    from jiheng.publication import GateHeld, OverrideError, release

    settings = Settings.from_environment()
    try:
        done = release(settings, edition, by, reason, datetime.now(UTC), "cli")
    except (OverrideError, NotAuthorisedError, GateHeld) as error:
        fail("E3002", str(error), f"jiheng gate explain {edition}", 3)
    set_aside = "、".join(done["override"]["expectations"])
    typer.echo(f"{edition} 期已放行 released（{set_aside}）\n放行人 by: {done['override']['who']}")
    if done["sent"]:
        typer.echo(done["sent"])
    for line in notify_quietly(settings, datetime.now(UTC)):
        typer.echo(f"通知 notice {line}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"日期写作 2027-03-31 · a date like 2027-03-31, not {text}") from error
