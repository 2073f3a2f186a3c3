"""The services of docker-compose.yml as a test drives them: through compose, Airflow's REST interface and the site."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jiheng.settings import PROJECT_ROOT

PATIENCE_SECONDS = 600
ENDED = ("success", "failed", "skipped", "upstream_failed", "removed")


class StackError(AssertionError):
    """Something that the services promise did not happen."""


class MissedError(Exception):
    """Something was looked for too late; to look again is no use."""


@dataclass
class Stack:
    """One compose project. `environment` holds what its `.env` would: ports, sizes of batches, names of images."""

    project: str
    environment: dict[str, str]
    airflow_port: int
    site_port: int
    token: str = field(default="", repr=False)

    def run(self, *command: str, check: bool = True, stdin: bytes | None = None) -> str:
        """Run a command with this project's environment; gives its output."""
        own = {"COMPOSE_PROJECT_NAME": self.project, **self.environment}
        ran = subprocess.run(
            command, cwd=PROJECT_ROOT, env=os.environ | own, input=stdin, capture_output=True, check=False
        )
        if check and ran.returncode:
            said = (ran.stdout + ran.stderr).decode(errors="replace")[-3000:]
            raise StackError(f"{' '.join(command)} ended with {ran.returncode}:\n{said}")
        return ran.stdout.decode(errors="replace")

    def compose(self, *arguments: str, check: bool = True) -> str:
        """Run docker-compose."""
        return self.run("docker-compose", *arguments, check=check)

    def inside(self, service: str, *command: str, stdin: bytes | None = None) -> str:
        """Run a command in a running service."""
        return self.run("docker-compose", "exec", "-T", service, *command, stdin=stdin)

    def once(self, *command: str) -> str:
        """Run a command in a container of its own, beside services or before any of Airflow's runs."""
        return self.compose("run", "--rm", "-T", "airflow-init", *command)

    def up(self) -> None:
        """`make up`: returns when every service is healthy. The image is built the first time only."""
        self.run("deploy/containers/up.sh")
        self.environment = self.environment | {"JIHENG_BUILD": "no"}
        self.token = ""

    def down(self) -> None:
        """Stop everything and remove its volumes."""
        self.compose("--profile", "sql-page", "down", "--volumes", "--remove-orphans", "--timeout", "30", check=False)

    def workers(self) -> dict[str, str]:
        """The running worker containers: host name as Airflow knows it, id."""
        ids = self.compose("ps", "-q", "worker").split()
        running = self.run("docker", "inspect", "--format", "{{.State.Running}} {{.Config.Hostname}} {{.Id}}", *ids)
        rows = [line.split() for line in running.splitlines()]
        return {name: container for state, name, container in rows if state == "true"}

    def call(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        """Ask Airflow's REST interface, logging in as its first account where needed."""
        if not self.token:
            password = (PROJECT_ROOT / "secrets" / "admin_password").read_text(encoding="utf-8").strip()
            self.token = self._ask("/auth/token", {"username": "admin", "password": password})["access_token"]
        return self._ask(path, body, method)

    def _ask(self, path: str, body: dict[str, Any] | None, method: str | None = None) -> Any:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        url = f"http://127.0.0.1:{self.airflow_port}{path}"
        content = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(url, content, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def trigger(self, dag: str, conf: dict[str, Any] | None = None) -> str:
        """Begin a run of a DAG as soon as Airflow knows it; gives the run's id."""
        body = {"logical_date": None, "conf": conf or {}}
        return str(self.until(f"the DAG {dag}", lambda: self.call(f"/api/v2/dags/{dag}/dagRuns", body))["dag_run_id"])

    def pause(self, dag: str, paused: bool) -> None:
        """Let a DAG begin no runs, or let it again, as soon as Airflow knows it."""
        self.until(f"the DAG {dag}", lambda: self.call(f"/api/v2/dags/{dag}", {"is_paused": paused}, "PATCH"))

    def state(self, dag: str, run: str) -> str:
        """The state of a run."""
        return str(self.call(f"/api/v2/dags/{dag}/dagRuns/{run}")["state"])

    def end(self, dag: str, run: str) -> None:
        """Wait until a run ends, and insist that it ended well."""
        state = self.until(f"the end of {run}", lambda: (s := self.state(dag, run)) in ("success", "failed") and s)
        if state != "success":
            raise StackError(f"{dag} {run} ended as {state}: {self.tasks(dag, run)}")

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """The task instances of a run."""
        found = self.call(f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances?limit=200")["task_instances"]
        wanted = ("task_id", "map_index", "state", "try_number", "hostname", "duration")
        return [{name: one[name] for name in wanted} for one in found]

    def site(self, path: str) -> tuple[int, bytes]:
        """Ask the web server of the site; follows redirects."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.site_port}{path}", timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def put(self, bucket: str, files: Iterable[Path]) -> None:
        """Put files into a bucket as a sender does: through S3, with its keys."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for file in files:
                archive.add(file, f"sent/{file.name}")
        self.inside("worker", "tar", "-C", "/tmp", "-xf", "-", stdin=packed.getvalue())
        program = f"import s3fs; s3fs.S3FileSystem().put('/tmp/sent/', '{bucket}/', recursive=True)"
        self.inside("worker", "python", "-c", program)
        self.inside("worker", "rm", "-r", "/tmp/sent")

    def read(self, path: str) -> bytes:
        """A file of the home."""
        return self.inside("worker", "cat", f"/var/lib/jiheng/{path}").encode()

    def manifest(self) -> dict[str, Any]:
        """The manifest of the current edition."""
        found: dict[str, Any] = json.loads(self.read("editions/current/manifest.json"))
        return found

    def hashes(self) -> dict[str, str]:
        """SHA-256 of every file that the current edition's manifest names, read from the disk."""
        names = sorted(self.manifest()["files"])
        place = "/var/lib/jiheng/editions/current"
        listed = "\0".join(names).encode()
        said = self.inside("worker", "sh", "-c", f"cd {place} && xargs -0 sha256sum --", stdin=listed)
        rows = (line.split("  ", 1) for line in said.splitlines())
        return {name: digest for digest, name in rows}

    def until(self, what: str, look: Callable[[], Any], seconds: float = PATIENCE_SECONDS, pause: float = 0.5) -> Any:
        """Look until there is something; it is an error when it does not come in time."""
        end = time.monotonic() + seconds
        error: Exception | None = None
        while time.monotonic() < end:
            try:
                if found := look():
                    return found
            except (OSError, StackError) as caught:
                error = caught
            time.sleep(pause)
        raise StackError(f"{what} did not come within {seconds:.0f} s ({error})")
