"""Is a service of Airflow well? For containers: `python -m jiheng.monitoring.health SERVICE` ends with 0 or 1."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

API_SERVER = ("api-server", 8080)
SCHEDULER_PORT = 8974
PATIENCE_SECONDS = 10
# A redis that was just started may still be loading.
WORKER_PATIENCE_SECONDS = 8
BROKER = Path("/run/secrets/broker_url")


def answers(host: str, port: int, path: str) -> str:
    """An empty text when a GET is answered with 200, else what is wrong."""
    status, _ = _get(host, port, path)
    return "" if status == http.client.OK else f"HTTP {status}"


def heartbeat(component: str) -> str:
    """An empty text when the api-server has lately heard of this component, which has no address of its own."""
    status, body = _get(*API_SERVER, "/api/v2/monitor/health")
    told = json.loads(body).get(component) or {} if status == http.client.OK else {}
    return "" if told.get("status") == "healthy" else f"{component}: {told or f'HTTP {status}'}"


def worker() -> str:
    """An empty text when the Celery worker of this container answers through the queue."""
    from celery import Celery

    name = f"celery@{socket.gethostname()}"
    control = Celery(broker=BROKER.read_text(encoding="utf-8").strip()).control
    return "" if control.ping(destination=[name], timeout=WORKER_PATIENCE_SECONDS, limit=1) else f"{name}: no answer"


CHECKS: dict[str, Callable[[], str]] = {
    "api-server": partial(answers, "localhost", API_SERVER[1], "/api/v2/monitor/health"),
    "scheduler": partial(answers, "localhost", SCHEDULER_PORT, "/health"),
    "dag-processor": partial(heartbeat, "dag_processor"),
    "triggerer": partial(heartbeat, "triggerer"),
    "worker": worker,
}


def main(arguments: list[str]) -> int:
    """Check one service and say what is wrong; a check that fails in any way is a service that is not well."""
    if len(arguments) != 1 or arguments[0] not in CHECKS:
        sys.stderr.write(f"用法 usage: python -m jiheng.monitoring.health {'|'.join(CHECKS)}\n")
        return 2
    try:
        wrong = CHECKS[arguments[0]]()
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    if wrong:
        sys.stdout.write(f"{arguments[0]} 不正常 unhealthy: {wrong}\n")
    return 1 if wrong else 0


def _get(host: str, port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


if __name__ == "__main__":
    # Nothing is left to wait for: a thread of the queue's client must not hold the check up.
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
