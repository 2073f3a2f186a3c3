"""How a command that cannot go on says so: a code, what happened, how to mend it, the page for it, an exit code."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from jiheng.settings import PAGE, Settings, SettingsError


def fail(code: str, message: str, help_line: str, exit_code: int) -> NoReturn:
    """End the command with one error that a person can act on."""
    from jiheng.monitoring.alarms import alarm_of

    typer.echo(f"错误 error[{code}]: {message}\n  怎么办 help: {help_line}", err=True)
    if alarm := alarm_of(code):
        typer.echo(f"  处置 runbook: {alarm.runbook}", err=True)
    sys.exit(exit_code)


def tell(error: Exception) -> NoReturn:
    """End the command for a mistake of settings, data or disk. Raises any other error: that is one of ours."""
    from ingest.lake import LakeLayoutError
    from jiheng.backups.before_upgrade import MetadataVersionError
    from jiheng.publication import GateHeld
    from jiheng.troubles import AFTERWARDS, trouble_of

    if isinstance(error, SettingsError):
        fail("E4003", f"设置有误 settings that cannot be used:\n  {error}", f"见 see {PAGE}", 4)
    if isinstance(error, GateHeld):
        fail("E3001", f"未发布，保留上一期 held, the last edition stands: {error}", "jiheng gate", 3)
    if isinstance(error, LakeLayoutError):
        fail("E4033", str(error), "docs/operator/backup.md", 4)
    if isinstance(error, MetadataVersionError):
        fail("E4034", str(error), "docs/operator/backup.md", 4)
    trouble = trouble_of(error, Settings.from_environment().home)
    if trouble:
        fail(trouble.kind.code, str(trouble), f"{trouble.kind.remedy}\n  {AFTERWARDS}", 4)
    if not isinstance(error, ValueError | RuntimeError | OSError):
        raise error
    fail("E1000", str(error), "jiheng doctor", 1)
