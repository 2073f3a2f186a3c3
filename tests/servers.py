"""Servers of a test's own on free ports: PostgreSQL and Redis from the distribution, and a listener for StatsD's lines.

No server outlives the process that started it, however that ends.
"""

import os
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.conftest import missing

PASSWORD = "not-on-the-command-line"
PATIENCE_SECONDS = 120
# The kernel ends what was started so when its parent dies.
WITH_ITS_PARENT = ("setpriv", "--pdeathsig", "KILL")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def eventually(what: str, look: Callable[[], object], seconds: float, process: "subprocess.Popen[bytes]") -> None:
    """Look until it is so; the server that is waited for must be running."""
    end = time.monotonic() + seconds
    while not look():
        assert process.poll() is None, f"{what}: the server has ended with {process.returncode}"
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.1)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server; gives the URL of its databases, of which there is `postgres`."""
    if not (programs := sorted(Path("/usr/lib/postgresql").glob("*/bin"))):
        missing("there is no PostgreSQL server; `make system-packages` installs it")
    if not find_spec("psycopg2"):
        missing("there is no psycopg2; requirements/develop.txt has it")
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        place, port = Path(folder), free_port()
        (place / "password").write_text(PASSWORD)
        as_whom: tuple[str, ...] = WITH_ITS_PARENT
        if os.getuid() == 0:  # the server refuses to run as root
            as_whom += ("--reuid=postgres", "--regid=postgres", "--clear-groups")
            for path in (place, place / "password"):
                shutil.chown(path, "postgres", "postgres")
        made = ["--auth=scram-sha-256", "--username=airflow", f"--pwfile={place / 'password'}", "--no-sync"]
        # A C locale is on every machine, and the fastest.
        made += ["--encoding=UTF8", "--locale=C", "-D", str(place / "data")]
        with (place / "log").open("wb") as log:
            command = [*as_whom, str(programs[-1] / "initdb"), *made]
            subprocess.run(command, cwd=place, stdout=log, stderr=log, check=True)
        options = ["-D", str(place / "data"), "-p", str(port), "-k", str(place), "-c", "listen_addresses=127.0.0.1"]
        with running([*as_whom, str(programs[-1] / "postgres"), *options, "-c", "fsync=off"], place) as process:
            ready = [str(programs[-1] / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
            look = lambda: subprocess.run(ready, check=False).returncode == 0  # noqa: E731
            eventually("PostgreSQL", look, PATIENCE_SECONDS, process)
            yield f"postgresql+psycopg2://airflow:{PASSWORD}@127.0.0.1:{port}/"


@contextmanager
def redis() -> Iterator[str]:
    """A Redis server that keeps nothing; gives the URL of its first database."""
    if not (program := shutil.which("redis-server")):
        missing("there is no redis-server; `make system-packages` installs it")
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        place, port = Path(folder), free_port()
        said = f'bind 127.0.0.1\nport {port}\nrequirepass {PASSWORD}\ndir {place}\nsave ""\nappendonly no\n'
        (place / "redis.conf").write_text(said)
        with running([*WITH_ITS_PARENT, program, str(place / "redis.conf")], place) as process:
            eventually("Redis", lambda: _answers(port), PATIENCE_SECONDS, process)
            yield f"redis://:{PASSWORD}@127.0.0.1:{port}/0"


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
    except OSError:
        return False


@contextmanager
def running(command: Sequence[str], place: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A server in the foreground, its output in `place/log`, ended with the test."""
    with (place / "log").open("ab") as log, subprocess.Popen(command, cwd=place, stdout=log, stderr=log) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def statsd() -> Iterator[tuple[int, list[str]]]:
    """A daemon that takes metrics as StatsD does, over UDP; gives its port, and the lines as they come."""
    if not find_spec("statsd"):
        missing("there is no client of StatsD; requirements/develop.txt has it")
    lines: list[str] = []

    class Taken(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            lines.extend(self.request[0].decode().splitlines())

    with socketserver.UDPServer(("127.0.0.1", 0), Taken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], lines
        finally:
            server.shutdown()
