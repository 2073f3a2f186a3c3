"""`jiheng doctor`: what is missing on this machine."""

from __future__ import annotations

import json
import sys

import typer

from jiheng.commands.options import AsJson, settings_of


def doctor(as_json: AsJson = False) -> None:
    """检查这台机器缺什么 · tell what is missing on this machine and how to mend it."""
    from jiheng.doctor import examine

    findings = examine(settings_of())
    if as_json:
        typer.echo(json.dumps([vars(finding) for finding in findings], ensure_ascii=False))
    for finding in () if as_json else findings:
        typer.echo(f"{'✓' if finding.good else '✗' if finding.needed else '–'} {finding.what}: {finding.found}")
        if not finding.good:
            typer.echo(f"    {finding.remedy}")
    sys.exit(4 if any(finding.needed and not finding.good for finding in findings) else 0)
