"""`jiheng trace`: where a figure comes from."""

from __future__ import annotations

from getpass import getuser
from typing import Annotated

import typer

from jiheng.settings import Settings


def trace(claim_id: Annotated[str, typer.Argument(help="陈述编号 · a claim's id")]) -> None:
    """一个数从哪里来 · where a figure comes from: the sentence, its span, the archived file."""
    from jiheng.summary import trace_lines

    for line in trace_lines(Settings.from_environment(), claim_id, getuser()):
        typer.echo(line)
