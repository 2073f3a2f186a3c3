"""A standalone Spark cluster on this machine, with a Spark Connect server in front: `python -m jiheng.spark.cluster`.

Master, workers and server are classes of the pip package; each runs as a process of its own until they are stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"
PATIENCE = 120.0


class ClusterError(RuntimeError):
    """The cluster did not come up; its logs say why."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


@dataclass
class Cluster:
    """Master, workers and a server that dbt speaks to; logs, and what workers leave, lie in `folder`."""

    folder: Path
    workers: int = 2
    cores: int = 1
    memory: str = "2g"
    master_port: int = field(default_factory=free_port)
    pages_port: int = field(default_factory=free_port)
    connect_port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def remote(self) -> str:
        """Where the server answers: JIHENG_SPARK_REMOTE."""
        return f"sc://{HOST}:{self.connect_port}"

    @property
    def master(self) -> str:
        """Where workers report."""
        return f"spark://{HOST}:{self.master_port}"

    @contextmanager
    def running(self) -> Iterator[Cluster]:
        """The cluster while it runs."""
        try:
            self.start()
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Start all processes and wait until the server answers. Raises `ClusterError`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        place = ("--host", HOST, "--port")
        self._run("master", MASTER, *place, str(self.master_port), "--webui-port", str(self.pages_port))
        self._wait("master", lambda: bool(self.state()))
        for number in range(1, self.workers + 1):
            size = ("--cores", str(self.cores), "--memory", self.memory, "--work-dir", str(self.folder / "work"))
            self._run(f"worker-{number}", WORKER, *place, "0", "--webui-port", "0", *size, self.master)
        self._wait("workers", lambda: self.state().get("aliveworkers") == self.workers)
        self._run("connect", "org.apache.spark.deploy.SparkSubmit", *self._server())
        self._wait("connect", lambda: _answers(self.connect_port))

    def stop(self) -> None:
        """End all processes, the server first."""
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(PATIENCE)
        self.processes.clear()

    def state(self) -> dict[str, Any]:
        """What the master says of its workers and of who works with them; nothing while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.pages_port}/json/", timeout=5) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except OSError:
            return {}

    def worked(self) -> int:
        """How many workers have had an executor of the server's."""
        return len({path.parent.name + path.name for path in (self.folder / "work").glob("app-*/*") if path.is_dir()})

    def _server(self) -> Sequence[str]:
        settings = {
            "spark.connect.grpc.binding.address": HOST,
            "spark.connect.grpc.binding.port": self.connect_port,
            "spark.driver.host": HOST,
            "spark.driver.bindAddress": HOST,
            "spark.executor.memory": self.memory,
            "spark.ui.enabled": "false",
            # Plans of what has run, kept for a page that nobody sees, fill the memory.
            **dict.fromkeys(("spark.sql.ui.retainedExecutions", "spark.ui.retainedJobs", "spark.ui.retainedStages"), 1),
            # Tables of a build lie in the run's own folder and are known as long as the server runs.
            "spark.sql.catalogImplementation": "in-memory",
            "spark.sql.warehouse.dir": self.folder / "tables",
        }
        given = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
        return ("--master", self.master, "--driver-memory", self.memory, "--class", CONNECT, *given, "spark-internal")

    def _run(self, name: str, java_class: str, *arguments: str) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        environment = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST, "SPARK_NO_DAEMONIZE": "1"}
        # Whatever kills this process, and leaves it no time to stop the cluster, ends the cluster too.
        bound = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(
                    [*bound, str(home / "bin" / "spark-class"), java_class, *arguments],
                    env=environment,
                    cwd=self.folder,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def _wait(self, what: str, is_there: Any) -> None:
        end = time.monotonic() + PATIENCE
        while not is_there():
            dead = [process.args for process in self.processes if process.poll() is not None]
            if dead or time.monotonic() > end:
                raise ClusterError(f"Spark: {what} did not come up, see {self.folder}/*.log")
            time.sleep(0.3)


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex((HOST, port)) == 0


def main() -> None:
    """Run a cluster until Ctrl-C or SIGTERM."""
    from jiheng.settings import Settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cores", type=int, default=1, help="of each worker")
    parser.add_argument("--memory", default="2g", help="of each worker and of the server")
    parser.add_argument("--port", type=int, default=15002, help="where dbt finds the server")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    folder = Settings.from_environment().home / "spark"
    cluster = Cluster(folder, given.workers, given.cores, given.memory, connect_port=given.port)
    try:
        with cluster.running():
            print(f"{cluster.remote}  {given.workers} × {given.cores}  Ctrl-C ends it", flush=True)  # noqa: T201
            signal.pause()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
