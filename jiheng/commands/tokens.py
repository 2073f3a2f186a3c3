"""`jiheng token`: who may hand files in over HTTP, on the command line."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import LOCAL_TIME, Settings

if TYPE_CHECKING:
    from ingest.upload.tokens import TokenBook

tokens = typer.Typer(
    help="上传令牌：发放、作废、列出 · tokens for the upload: issue, revoke, list.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
By = Annotated[str, typer.Option(help="经办人 · who")]


@tokens.command()
def issue(
    division: Annotated[str, typer.Argument(help="区划键，见 divisions.csv · key of a division")],
    by: By,
    until: Annotated[str, typer.Option(help="最后有效日 · last day it holds, like 2027-03-31")],
) -> None:
    """发放令牌；令牌只显示这一次 · issue a token; it is shown this once and never again."""
    today = datetime.now(LOCAL_TIME).date()
    name = _divisions(today).get(division)
    if name is None:
        _fail("E2006", f"名册中没有现行的区划 no division in force has the key {division}", "registers/*/divisions.csv")
    try:
        secret, token = _book().issue(division, by, date.fromisoformat(until), datetime.now(UTC))
    except ValueError as error:
        _fail("E2006", str(error), "jiheng token issue --help")
    typer.echo(f"{name}（{division}），编号 id {token.token_id}，有效至 until {token.until}：", err=True)
    typer.echo(secret)


@tokens.command()
def revoke(
    token_id: Annotated[str, typer.Argument(help="令牌编号，见 jiheng token list · id of the token")],
    by: By,
    reason: Annotated[str, typer.Option(help="理由 · why")],
) -> None:
    """作废令牌，立即生效 · revoke a token; it is over at once."""
    try:
        _book().revoke(token_id, by, reason, datetime.now(UTC))
    except ValueError as error:
        _fail("E2006", str(error), "jiheng token list")
    typer.echo(f"已作废 revoked: {token_id}")


@tokens.command("list")
def list_tokens(as_json: AsJson = False) -> None:
    """列出发放过的令牌（不含令牌本身） · list the tokens that were issued, without the tokens themselves."""
    now = datetime.now(UTC)
    rows = [asdict(token) | {"state": token.state_at(now)} for token in _book().tokens()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for row in rows:
        issued = row["issued_at"].astimezone(LOCAL_TIME).date()
        parts = (row["token_id"], row["division_key"], row["state"], f"{issued} → {row['until']}", row["issued_by"])
        typer.echo("  ".join(parts))
    if not rows:
        typer.echo("没有发放过令牌 · none")


def _book() -> TokenBook:
    from ingest.upload.tokens import TokenBook

    return TokenBook(Settings.from_environment().upload_tokens)


def _divisions(today: date) -> dict[str, str]:
    """Names of the divisions that are in force, by key."""
    from ingest.registers import division_rows

    rows = division_rows(Settings.from_environment().registers)
    in_force = (row for row in rows if row["valid_from"] <= today and (row["valid_to"] or today) >= today)
    return {row["division_key"]: row["name"] for row in in_force}


def _fail(code: str, message: str, remedy: str) -> NoReturn:
    fail(code, message, remedy, 2)
