"""`jiheng verify` and `jiheng keys`: whether an edition is what was published, on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import Settings

if TYPE_CHECKING:
    from publish.verification import Check

# How many differences of a check are printed; --json has them all.
SHOWN = 20
keys = typer.Typer(help="签名密钥：新建一对 · keys for signing editions.", no_args_is_help=True, rich_markup_mode=None)


@keys.callback()
def _keys() -> None:
    """Keep `new` a command of its own."""


@keys.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="放在哪里 · where to put them")],
    password_file: Annotated[
        Path | None, typer.Option(help="第一行为密码的文件 · a file whose first line is the password")
    ] = None,
) -> None:
    """新建一对签名密钥 · make a pair: minisign.key (secret, mode 0600) and minisign.pub (to hand out)."""
    from publish import signing

    password = signing.read_password(password_file) if password_file else None
    secret, public = signing.new_keys(folder, password)
    typer.echo(f"私钥 secret {secret}\n公钥 public {public}\n启用 use it: export JIHENG_SIGNING_KEY={secret.resolve()}")


def verify(
    edition: Annotated[
        str | None, typer.Argument(help="期号，或任何地方的一期的目录；默认当前一期 · id or directory of an edition")
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option(help="验证签名的公钥文件 · the public key that it must be signed with")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """核对一期：文件、签名、格式、重算名次 · check an edition: files, signature, formats, ranks worked out again."""
    from jiheng import verification

    settings = Settings.from_environment()
    try:
        found = verification.find(settings, edition)
    except verification.NoEditionError as error:
        fail("E2008", str(error), "jiheng status", 2)
    checks = verification.verify(settings, found, public_key.resolve() if public_key else None)
    wrong = sum(len(check.problems) for check in checks)
    if as_json:
        facts = {"edition_id": found.name, "directory": str(found), "ok": not wrong}
        typer.echo(json.dumps(facts | {"checks": [check.as_json() for check in checks]}, ensure_ascii=False))
    else:
        for line in _lines(found.name, checks, wrong):
            typer.echo(line)
    sys.exit(1 if wrong else 0)


def _lines(edition_id: str, checks: list[Check], wrong: int) -> list[str]:
    lines = [edition_id]
    for check in checks:
        lines.append(check.line())
        lines += [f"    {problem}" for problem in check.problems[:SHOWN]]
        if (more := len(check.problems) - SHOWN) > 0:
            lines.append(f"    ……另有 {more} 处，见 --json · {more} more, see --json")
    return [*lines, f"{wrong} 处不一致 differences" if wrong else "全部一致 all as published"]
