"""Programs that read a file for us: bounded in time, without this process's environment, and never outliving it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.documents.document import DocumentError

# Less than the time that a whole file has, so that the sender learns which part was slow.
SECONDS_LIMIT = 40


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code (negative: the signal that ended it), and what it wrote."""

    code: int
    output: str
    message: str


def find(name: str) -> str:
    """The path of a program. Raises `DocumentError` where it is not installed, which is no fault of the sender."""
    found = shutil.which(name)
    if found is None:
        raise DocumentError("CONVERTER_MISSING", f"{name} is not installed; `make system-packages` installs it")
    return found


def run(command: Sequence[str], folder: Path) -> Ended:
    """Run a program in a scratch folder. Raises `DocumentError` when it takes too long.

    Memory and processor time are bounded as those of this process are. The program is killed by the kernel when this
    process dies (setpriv --pdeathsig), so that the end of a hanging reader leaves nothing behind.
    """
    environment = {"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
    tied = [find("setpriv"), "--pdeathsig", "KILL", "--no-new-privs", *command]
    try:
        ended = subprocess.run(
            tied,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError("READER_TIMEOUT", f"{Path(command[0]).name}: more than {SECONDS_LIMIT} s") from error
    return Ended(ended.returncode, ended.stdout.decode("utf-8", "replace"), ended.stderr.decode("utf-8", "replace"))
