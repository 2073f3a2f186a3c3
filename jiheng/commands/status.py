"""`jiheng status`: the operator's first screen, on the command line."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import typer

from jiheng.commands.options import AsJson
from jiheng.settings import Settings


def status(as_json: AsJson = False) -> None:
    """现在怎样：现行期、近几夜、待办、告警 · what stands, the last nights, alarms; exit code 3 when not published."""
    from jiheng.monitoring.status import screen, status_facts

    facts = status_facts(Settings.from_environment(), datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str))
    else:
        from jiheng.query import console

        terminal = console()
        terminal.print(screen(facts, terminal.width))
    sys.exit(0 if facts["good"] else 3)
