"""A step's work in a command of its own: a process that Airflow or Celery forked cannot start clean children."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jiheng.settings import PROJECT_ROOT, Settings
from jiheng.troubles import EXIT_BASE, trouble_of


def run_apart(settings: Settings, module: str, *arguments: str, place: Path) -> str:
    """Run a module with these arguments and give what it wrote to its standard output.

    Raises OSError for a trouble with the disk, told of `place`, and RuntimeError where it ended otherwise.
    """
    environment = os.environ | {"JIHENG_HOME": str(settings.home), "PYTHONPATH": str(PROJECT_ROOT)}
    command = [sys.executable, "-m", module, *arguments]
    ended = subprocess.run(command, env=environment, cwd=PROJECT_ROOT, check=False, stdout=subprocess.PIPE, text=True)
    number = ended.returncode - EXIT_BASE
    if number > 0:
        raise OSError(number, os.strerror(number), str(place))
    if ended.returncode:
        raise RuntimeError(f"{module} 没有做完，详见日志 · it did not end well, see the log: {ended.returncode}")
    return ended.stdout


@contextmanager
def telling_trouble() -> Iterator[None]:
    """End this process with an exit code that tells `run_apart` of a trouble with the disk."""
    try:
        yield
    except OSError as error:
        if error.errno is None or trouble_of(error) is None:
            raise
        sys.stderr.write(f"{error}\n")
        sys.exit(EXIT_BASE + error.errno)
