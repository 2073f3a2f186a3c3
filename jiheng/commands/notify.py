"""`jiheng notify`: send what is news, or show exactly what would be sent where."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from jiheng.commands.errors import fail
from jiheng.commands.options import AsJson
from jiheng.settings import Settings


def notify(
    edition: Annotated[
        str | None, typer.Argument(help="期号：发送这一期的通知（默认发送尚未发出的） · the digest of this edition")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只显示将发往何处、发什么，密钥已遮蔽 · only show, secrets hidden")
    ] = False,
    channel: Annotated[str | None, typer.Option(help="只发这一个渠道 · only this channel", metavar="NAME")] = None,
    again: Annotated[bool, typer.Option("--again", help="已发过的也再发 · also what was sent before")] = False,
    as_json: AsJson = False,
) -> None:
    """发送通知：每夜一次摘要，拦截、未发布、隔离过多时即时 · the digest of a night, and what must be told at once."""
    from jiheng import notifying

    settings, now = Settings.from_environment(), datetime.now(UTC)
    try:
        if dry_run:
            _show(notifying.preview(settings, now, edition, channel), as_json)
            return
        told = notifying.notify(settings, now, edition, channel, again)
    except notifying.NoticesError as error:
        fail("E2010", str(error), "docs/operator/notices.md", 2)
    if as_json:
        rows = [{"notice": one.notice, "channel": one.channel, **vars(one.became)} for one in told]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for line in map(str, told) if told else ["没有要发的 · nothing to send"]:
            typer.echo(line)
    sys.exit(1 if any(one.became.outcome != "sent" for one in told) else 0)


def _show(found: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        audience = f"（{one['audience']}）" if one["audience"] else ""
        again = "  已发过 told before" if one["told_before"] else ""
        typer.echo(f"── {one['notice']} → {one['channel']}{audience}{again}")
        for name, value in one.items():
            if name in ("url", "headers", "server", "from", "to", "subject", "error"):
                typer.echo(f"{name}: {value}")
        typer.echo(f"{one.get('text', '')}\n")
    if not found:
        typer.echo("没有要发的 · nothing to send")
