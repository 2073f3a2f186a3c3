"""Airflow as a data engineer starts it: web server, scheduler and all, and a run triggered there."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ingest.registers import division_rows
from jiheng.settings import PROJECT_ROOT
from tests import chats
from tests.nights import SAMPLE, Home, lose_a_division

pytestmark = pytest.mark.night
PATIENCE_SECONDS = 400
# What a sender is promised.
RECEIPT_SECONDS = 60
TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["files"]


NOTICES = """
channels:
  - {name: 工作群, kind: dingtalk, connection: jiheng_chat}
"""


class Server:
    """The REST interface of a running Airflow, and the chat that it tells of its nights."""

    def __init__(self, home: Home, port: int, chat: chats.ChatServer) -> None:
        self.home, self.root, self.token, self.chat = home, f"http://127.0.0.1:{port}", "", chat

    def call(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.root + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def run_to_its_end(self, dag: str) -> str:
        """Trigger a DAG, wait for the end of the run, and give its state."""
        runs = f"/api/v2/dags/{dag}/dagRuns"
        run = self.wait_for("the new run", lambda: self.call(runs, {"logical_date": None}))
        return self.state_of(dag, run["dag_run_id"])

    def state_of(self, dag: str, run_id: str) -> str:
        """The state in which a run ends."""
        path = f"/api/v2/dags/{dag}/dagRuns/{run_id}"
        self.wait_for("the end of the run", lambda: self.call(path)["state"] not in ("queued", "running"))
        return str(self.call(path)["state"])

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

    def told(self, words: str) -> str:
        """The notice in the chat that says this, once it is there."""
        return str(self.wait_for(f"“{words}” in the chat", lambda: "".join(self.all_told(words)[-1:])))

    def all_told(self, words: str) -> list[str]:
        """Every notice in the chat that says this."""
        return [text for text in self.chat.texts if words in text]

    def log_in(self) -> bool:
        passwords = json.loads((self.home.path / "airflow" / "passwords.json").read_text())
        self.token = ""
        self.token = self.call("/auth/token", {"username": "admin", "password": passwords["admin"]})["access_token"]
        return bool(self.token)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = Home(tmp_path_factory.mktemp("airflow"))
    ours = ("JIHENG_", "AIRFLOW", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    shutil.copytree(SAMPLE / "inbox", home.path / "inbox")
    places = ["--inbox", str(home.path / "inbox"), "--registers", str(SAMPLE / "registers")]
    (home.path / "registers").mkdir()
    (home.path / "registers" / "notices.yaml").write_text(NOTICES, encoding="utf-8")
    with chats.chat_server() as chat:
        where = {"conn_type": "http", "host": "127.0.0.1", "port": chat.port, "schema": "http"}
        connection = where | {"password": chats.TOKEN, "extra": {"secret": chats.SECRET}}
        ours = {"JIHENG_HOME": str(home.path), "JIHENG_AIRFLOW_PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "jiheng", "airflow", *places],
            cwd=PROJECT_ROOT,
            env=clean | ours | {"AIRFLOW_CONN_JIHENG_CHAT": json.dumps(connection)},
            stdout=(home.path / "standalone.log").open("wb"),
            stderr=subprocess.STDOUT,
        )
        try:
            yield Server(home, port, chat)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def test_a_run_triggered_in_airflow_publishes(server: Server) -> None:
    server.wait_for("its login", server.log_in)
    server.wait_for("the DAG", lambda: server.call("/api/v2/dags?dag_id_pattern=nightly_rankings")["dags"])
    assert server.call("/api/v2/importErrors")["total_entries"] == 0
    assert server.run_to_its_end("nightly_rankings") == "success"
    [(versions,)] = server.home.rows("select count(*) from dim_submission")
    assert versions == len([row for row in TRUTH.values() if row["expected_outcome"] == "identified"])
    # Airflow begins with the last watchdog that it missed, which finds nothing published: what it tells comes before.
    assert server.home.current.name in server.told("：已发布")


def test_a_file_that_is_handed_in_has_its_receipt_within_a_minute(server: Server) -> None:
    server.wait_for("its login", server.log_in)
    name = next(name for name, row in TRUTH.items() if row["format"] == "txt" and row["encoding"] == "utf-8")
    text = (SAMPLE / "inbox" / name).read_text(encoding="utf-8")
    began = time.monotonic()
    (server.home.path / "inbox" / "更正.txt").write_text(text + "\n附：本报告为更正版。\n", encoding="utf-8")
    folder = server.home.path / "receipts" / "更正.txt.回执"
    server.wait_for("the receipt", lambda: list(folder.glob("*.html")))
    assert time.monotonic() - began < RECEIPT_SECONDS


def test_a_held_edition_waits_for_an_officer_who_releases_it(server: Server) -> None:
    """The hold starts a run that asks; the answer given in Airflow publishes, with name and reason on the pages."""
    server.wait_for("its login", server.log_in)
    before = server.home.current.name
    lose_a_division(server.home)
    assert server.run_to_its_end("nightly_rankings") == "failed"
    assert server.home.current.name == before
    assert "K01" in server.told("门禁拦截，本夜未发布")
    runs = "/api/v2/dags/held_edition/dagRuns"
    [run] = server.wait_for("the run that asks", lambda: server.call(runs)["dag_runs"])
    ask = f"{runs}/{run['dag_run_id']}/taskInstances/ask/-1"
    server.wait_for("the question", lambda: server.call(ask)["state"] in ("awaiting_input", "failed"))
    asked = server.call(f"{ask}/hitlDetails")
    assert before in asked["body"] and "K01" in asked["body"]
    time.sleep(2)
    answer = {"chosen_options": ["放行 release"], "params_input": {"reason": "已与该区核实，整区撤回"}}
    server.call(f"{ask}/hitlDetails", answer, "PATCH")
    assert server.state_of("held_edition", run["dag_run_id"]) == "success"
    about = json.loads((server.home.current / "about.json").read_text(encoding="utf-8"))
    assert server.home.current.name != before and about["gate_decision"] == "override"
    assert about["override"]["why"] == "已与该区核实，整区撤回" and "值班负责人" in about["override"]["who"]
    assert "已与该区核实，整区撤回" in server.told("经人工放行，已发布")
    told = list(server.chat.texts)
    assert server.run_to_its_end("watchdog") == "success"
    assert server.chat.texts == told, "a morning without news is silent"
    assert len(server.all_told("：已发布")) == 1, "an edition is told once"
    logs = "".join(path.read_text(errors="replace") for path in (server.home.path / "airflow" / "logs").rglob("*.log"))
    assert chats.TOKEN not in logs and chats.SECRET not in logs and "digest/" in logs


def test_the_upload_is_served_beside_it_and_guards_itself(server: Server) -> None:
    """Airflow's login is not before a plugin's routes: neither nobody nor Airflow's own admin gets in."""
    server.wait_for("its login", server.log_in)
    url = f"{server.root}/jiheng/submissions"
    admin = {"Authorization": f"Bearer {server.token}"}
    file = {"file": ("自评报告.txt", "示例".encode())}
    for headers in ({}, admin):
        for answer in (httpx.get(url, headers=headers), httpx.post(url, headers=headers, files=file)):
            assert answer.status_code == 401 and answer.json()["code"] == "UNAUTHORISED"
    assert not (server.home.path / "uploads").exists()

    division = next(row["division_key"] for row in division_rows([PROJECT_ROOT / "registers"]))
    issued = server.home.command("token", "issue", division, "--by", "经办人", "--until", "2999-12-31")
    own = {"Authorization": f"Bearer {issued.stdout.strip()}"}
    sent = httpx.post(url, headers=own, files=file, timeout=30)
    assert sent.status_code == 202
    told = httpx.get(f"{server.root}{sent.json()['status_url']}", headers=own).json()
    assert told["state"] == "received" and told["upload_id"] == sent.json()["upload_id"]
    assert server.call("/api/v2/plugins/importErrors")["total_entries"] == 0
