"""A running Airflow of a test's own: its REST interface, `jiheng airflow` on one machine, and a province's services."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import psutil
import yaml

from jiheng.airflow import installation
from jiheng.settings import PROJECT_ROOT, Settings
from tests import chats
from tests.nights import Home
from tests.servers import WITH_ITS_PARENT, free_port, postgres, redis, statsd

PATIENCE_SECONDS = 400
WORKERS = ("worker-1", "worker-2")
SERVICES: dict[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "dag-processor": ("dag-processor",),
    "scheduler": ("scheduler",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
    **{name: ("celery", "worker", "--skip-serve-logs", "--celery-hostname", name) for name in WORKERS},
}
# What docker-compose.yml says of queue, workers and scheduler holds here too, but for this.
AS_IN_CONTAINERS = (
    *("AIRFLOW__CELERY", "AIRFLOW__SCHEDULER__", "AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__PARALLELISM"),
    "JIHENG_READING_SLOTS",
)
OTHERWISE = {
    # A test has less patience than a night; a worker under load must not be taken for a lost one all the same.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "25",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2",
    "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
}

# Our metrics alone, with their labels.
OUR_METRICS = {
    "STATSD_ON": "True",
    "STATSD_HOST": "127.0.0.1",
    "STATSD_INFLUXDB_ENABLED": "True",
    "METRICS_ALLOW_LIST": "jiheng_",
}


class Airflow:
    """The REST interface of a running Airflow."""

    def __init__(self, home: Home, port: int) -> None:
        self.home, self.root, self.token = home, f"http://127.0.0.1:{port}", ""

    def log_in(self) -> None:
        """Wait until it answers, and log in."""
        self.wait_for("its login", self._log_in)

    def _log_in(self) -> bool:
        passwords = json.loads((self.home.path / "airflow" / "passwords.json").read_text())
        self.token = ""
        self.token = self.call("/auth/token", {"username": "admin", "password": passwords["admin"]})["access_token"]
        return bool(self.token)

    def call(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.root + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def wait_for(self, what: str, look: Any) -> Any:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                found = look()
            except (urllib.error.URLError, ConnectionError, TimeoutError, FileNotFoundError):
                found = None
            if found:
                return found
            time.sleep(0.5)
        raise AssertionError(f"Airflow did not show {what} within {PATIENCE_SECONDS} s")

    def pause(self, dag: str, is_paused: bool = True) -> None:
        """Keep a DAG from running, as soon as Airflow knows it, or let it run again."""
        self.wait_for(f"the DAG {dag}", lambda: self.call(f"/api/v2/dags/{dag}", {"is_paused": is_paused}, "PATCH"))

    def run_to_its_end(self, dag: str) -> str:
        """Trigger a DAG, wait for the end of the run, and give its state."""
        runs = f"/api/v2/dags/{dag}/dagRuns"
        run = self.wait_for("the new run", lambda: self.call(runs, {"logical_date": None}))
        return self.state_of(dag, run["dag_run_id"])

    def first_run(self, dag: str, kind: str = "scheduled") -> dict[str, Any]:
        """The first run that Airflow began by itself; of the schedule it is the last that it missed."""
        path = f"/api/v2/dags/{dag}/dagRuns?run_type={kind}&order_by=run_after"
        found: dict[str, Any] = self.wait_for(f"a run of {dag}", lambda: self.call(path)["dag_runs"][:1])[0]
        return found

    def task(self, dag: str, run_id: str, task: str) -> dict[str, Any]:
        """A task of a run, as it stands."""
        found: dict[str, Any] = self.call(f"/api/v2/dags/{dag}/dagRuns/{quote(run_id)}/taskInstances/{task}")
        return found

    def tasks(self, dag: str, run_id: str) -> list[dict[str, Any]]:
        """All tasks of a run, as they stand; a mapped one as often as it is mapped."""
        path = f"/api/v2/dags/{dag}/dagRuns/{quote(run_id)}/taskInstances?limit=100&offset="
        found: list[dict[str, Any]] = []
        while page := self.call(f"{path}{len(found)}")["task_instances"]:
            found += page
        return found

    def clear(self, dag: str, run_id: str, *tasks: str) -> str:
        """Clear tasks of a run with all that follow them, as the button does, and give the state it ends in again."""
        what = {"dry_run": False, "dag_run_id": run_id, "task_ids": tasks, "include_downstream": True}
        self.call(f"/api/v2/dags/{dag}/clearTaskInstances", what | {"only_failed": False, "reset_dag_runs": True})
        return self.state_of(dag, run_id)

    def state_of(self, dag: str, run_id: str) -> str:
        """The state in which a run ends."""
        path = f"/api/v2/dags/{dag}/dagRuns/{quote(run_id)}"
        self.wait_for("the end of the run", lambda: self.call(path)["state"] not in ("queued", "running"))
        return str(self.call(path)["state"])


class Cluster(Airflow):
    """Airflow as a province runs it (docker-compose.yml), as processes here, with a chat and metrics that it tells."""

    def __init__(
        self, home: Home, environment: Mapping[str, str], chat: chats.ChatServer, metrics: Sequence[str]
    ) -> None:
        super().__init__(home, int(environment["AIRFLOW__API__PORT"]))
        self.environment, self.chat, self.metrics = dict(environment), chat, metrics
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Start services. Workers on one machine have its name, but each a user of its own, whom Airflow notes."""
        for name in names:
            command = [*WITH_ITS_PARENT, sys.executable, "-m", "airflow", *SERVICES[name]]
            with self._log(name).open("ab") as log:
                self.running[name] = subprocess.Popen(
                    command, env=self.environment | {"LOGNAME": name}, cwd=PROJECT_ROOT,
                    stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip

    def lose(self, name: str) -> None:
        """SIGKILL a service with all that it has started, as if its machine had lost power."""
        process = self.running.pop(name)
        end_all({process.pid})
        process.wait()

    def wait_for_workers(self) -> None:
        """Return when all of them take tasks from the queue."""
        for name in WORKERS:
            self.wait_for(
                name, lambda name=name: f"celery@{name} ready." in self._log(name).read_text(errors="replace")
            )

    def end(self) -> None:
        """End all services, whatever they are at."""
        end_all({process.pid for process in self.running.values()})
        for process in self.running.values():
            process.wait()

    def told(self, words: str) -> str:
        """The notice in the chat that says this, once it is there."""
        return str(self.wait_for(f"“{words}” in the chat", lambda: "".join(self.all_told(words)[-1:])))

    def all_told(self, words: str) -> list[str]:
        """Every notice in the chat that says this."""
        return [text for text in self.chat.texts if words in text]

    def _log(self, name: str) -> Path:
        return self.home.path / "logs" / f"{name}.log"


def end_all(leaders: set[int]) -> None:
    """SIGKILL whole sessions, and what their members have started in sessions of their own."""
    while found := [process for process in psutil.process_iter() if _is_of(process, leaders)]:
        for process in found:
            with suppress(psutil.NoSuchProcess):
                for one in (process, *process.children(recursive=True)):
                    one.kill()
        psutil.wait_procs(found, timeout=5)


def _is_of(process: psutil.Process, sessions: set[int]) -> bool:
    try:
        return os.getsid(process.pid) in sessions and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ProcessLookupError):
        return False


@contextmanager
def cluster(home: Home, **more: str) -> Iterator[Cluster]:
    """All services but the scheduler: the first night begins when that does. Each has its log in the home's `logs/`."""
    with postgres() as database, redis() as queue, chats.chat_server() as chat, statsd() as (port, metrics):
        environment = {
            **_as_in_containers(),
            **OTHERWISE,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"{database}postgres",
            "AIRFLOW__CELERY__BROKER_URL": queue,
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{database}postgres",
            "AIRFLOW_CONN_JIHENG_CHAT": json.dumps(_connection(chat)),
            **{f"AIRFLOW__METRICS__{name}": value for name, value in OUR_METRICS.items()},
            "AIRFLOW__METRICS__STATSD_PORT": str(port),
            **more,
        }
        with patch.dict(os.environ, own_environment(home, **environment), clear=True):
            settings = Settings.from_environment()
            installation.prepare(settings, home.path / "logs" / "airflow.log")
            services = Cluster(home, installation.environment(settings), chat, metrics)
        try:
            services.start("api-server", "dag-processor", "triggerer", *WORKERS)
            services.log_in()
            services.wait_for_workers()
            yield services
        finally:
            services.end()


def _as_in_containers() -> dict[str, str]:
    said = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["x-jiheng"]["environment"]
    wanted = {name: str(value) for name, value in said.items() if name.startswith(AS_IN_CONTAINERS)}
    # Of `${NAME:-default}` the default; addresses with secrets are this machine's own.
    plain = {name: value.partition(":-")[2].rstrip("}") if "${" in value else value for name, value in wanted.items()}
    return {name: value for name, value in plain.items() if not name.endswith("_CMD")}


def _connection(chat: chats.ChatServer) -> dict[str, Any]:
    where = {"conn_type": "http", "host": "127.0.0.1", "port": chat.port, "schema": "http"}
    return where | {"password": chats.TOKEN, "extra": {"secret": chats.SECRET}}


def own_environment(home: Home, **more: str) -> dict[str, str]:
    """This process's environment without what is set here of Jiheng and Airflow, for a home on a free port."""
    ours = ("JIHENG_", "AIRFLOW", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"JIHENG_HOME": str(home.path), "JIHENG_AIRFLOW_PORT": str(free_port())} | more


@contextmanager
def standalone(home: Home, *arguments: str, **more: str) -> Iterator[Airflow]:
    """`jiheng airflow` on a home, ended as Ctrl-C or a service manager ends it."""
    environment = own_environment(home, **more)
    with (home.path / "standalone.log").open("wb") as log:
        process = subprocess.Popen(
            [*WITH_ITS_PARENT, sys.executable, "-m", "jiheng", "airflow", *arguments],
            cwd=PROJECT_ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        running = Airflow(home, int(environment["JIHENG_AIRFLOW_PORT"]))
        running.log_in()
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
