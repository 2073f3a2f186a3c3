"""What several verbs take: their options, and the settings that these make."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from jiheng.commands.errors import fail
from jiheng.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="给程序读 · for programs")]
Inbox = Annotated[
    str | None,
    typer.Option(
        help="收件目录或 s3://… 地址 · directory or URL of files handed in (default JIHENG_HOME/inbox)", metavar="PLACE"
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(help="数据截止时间，如 2026-03-31 或 2026-03-31T22:00 · the lake as it was then", metavar="TIME"),
]
Registers = Annotated[Path | None, typer.Option(help="另加的名册目录 · a further directory of registers")]


def settings_of(inbox: str | None = None, registers: Path | None = None) -> Settings:
    """The settings of this environment, with what the command line says; the processes it starts know it too."""
    if inbox is not None:
        is_url = "://" in inbox
        if not is_url and not Path(inbox).is_dir():
            fail(
                "E2001", f"收件目录不存在 no such inbox: {inbox}", "检查 --inbox 的路径 · check the path of --inbox", 2
            )
        os.environ["JIHENG_INBOX"] = inbox if is_url else str(Path(inbox).resolve())
    if registers is not None:
        os.environ["JIHENG_REGISTERS"] = str(registers.resolve())
    settings = Settings.from_environment()
    # The reader's processes know the home by the environment.
    os.environ["JIHENG_HOME"] = str(settings.home)
    return settings


def run_id(verb: str) -> str:
    """A name for a run that the command line begins."""
    return f"{verb}__{datetime.now(UTC).isoformat()}"
