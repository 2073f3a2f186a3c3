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
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from benchmarks.faults import facts
from ingest.registers import division_rows
from jiheng import filed, progress
from jiheng.airflow.models import models
from jiheng.files import key_of
from jiheng.settings import PROJECT_ROOT, Settings
from publish.records import history
from tests import chats
from tests.nights import SAMPLE, Home, Run, lose_a_division

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

    def first_run(self, dag: str, kind: str = "scheduled") -> dict[str, Any]:
        """The first run that Airflow began by itself; of the schedule it is the last that it missed."""
        path = f"/api/v2/dags/{dag}/dagRuns?run_type={kind}&order_by=run_after"
        found: dict[str, Any] = self.wait_for(f"a run of {dag}", lambda: self.call(path)["dag_runs"][:1])[0]
        return found

    def task(self, dag: str, run_id: str, task: str) -> dict[str, Any]:
        """A task of a run, as it stands."""
        found: dict[str, Any] = self.call(f"/api/v2/dags/{dag}/dagRuns/{quote(run_id)}/taskInstances/{task}")
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
        # Small batches, and a deadline that the first night has missed before it begins.
        ours |= {"JIHENG_READING_BATCH": "25", "JIHENG_DEADLINE_MINUTES": "1"}
        # Half of the divisions are a quorum.
        ours |= {"JIHENG_FILING_QUORUM": "50"}
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


def test_the_first_night_publishes_although_a_worker_is_lost(server: Server, sample_night: tuple[Home, Run]) -> None:
    """The night that Airflow has missed begins by itself; its build is killed, and tried again."""
    server.wait_for("its login", server.log_in)
    server.wait_for("the DAG", lambda: server.call("/api/v2/dags?dag_id_pattern=nightly_rankings")["dags"])
    assert server.call("/api/v2/importErrors")["total_entries"] == 0
    run = server.first_run("nightly_rankings")["dag_run_id"]
    build = server.wait_for("the build", lambda: _building(server, run))
    os.kill(build, signal.SIGKILL)
    assert server.state_of("nightly_rankings", run) == "success"
    assert server.task("nightly_rankings", run, "build_warehouse")["try_number"] == 2
    ours, undisturbed = facts(Settings(server.home.path)), facts(Settings(sample_night[0].path))
    assert [name for name in undisturbed if ours[name] != undisturbed[name]] == []
    [(versions,)] = server.home.rows("select count(*) from dim_submission")
    assert versions == len([row for row in TRUTH.values() if row["expected_outcome"] == "identified"])
    # Airflow begins with the last watchdog that it missed, which finds nothing published: what it tells comes before.
    assert server.home.current.name in server.told("：已发布")


def _building(server: Server, run: str) -> int | None:
    """The process that builds, once dbt is at work."""
    if not list(Path(server.home.path).glob("private/*/*/build.duckdb")):
        return None
    pid = server.task("nightly_rankings", run, "build_warehouse")["pid"]
    return int(pid) if pid else None


def test_every_model_is_shown_as_dbt_left_it(server: Server) -> None:
    """Also of a night whose build was killed and begun again."""
    server.wait_for("its login", server.log_in)
    night = server.first_run("nightly_rankings")["dag_run_id"]
    assert set(_models_of(server, night).values()) == {"success"}


def test_a_model_that_failed_is_shown_with_all_that_read_it(server: Server) -> None:
    server.wait_for("its login", server.log_in)
    settings, night = Settings(server.home.path), server.first_run("nightly_rankings")["dag_run_id"]
    broken, below = "int_core_claim", {"int_core_claim"}
    for model in models():
        if below & set(model.after):
            below.add(model.name)
    told = [json.loads(line) for line in progress.path_of(settings, night).read_text(encoding="utf-8").splitlines()]
    for event in told:
        if event.get("model") in below:
            event |= {"state": "failed" if event["model"] == broken else "skipped", "message": "Binder Error"}
    text = "".join(json.dumps(event) + "\n" for event in told)
    progress.path_of(settings, "made up").write_text(text, encoding="utf-8")
    server.call("/api/v2/dags/warehouse_models/dagRuns", {"logical_date": None, "partition_key": "made up"})
    states = _models_of(server, "made up")
    assert {name for name, state in states.items() if state == "failed"} == {broken, "whole_build"}
    assert {name for name, state in states.items() if state == "skipped"} == below - {broken}


def _models_of(server: Server, night: str) -> dict[str, str]:
    """The state of each model, and of the whole, in the run that shows this night's build, once it has ended."""
    runs = "/api/v2/dags/warehouse_models/dagRuns"
    [run] = server.wait_for(
        "the models", lambda: [run for run in server.call(runs)["dag_runs"] if run["partition_key"] == night]
    )
    server.state_of("warehouse_models", run["dag_run_id"])
    tasks = f"{runs}/{quote(run['dag_run_id'])}/taskInstances?limit=100&offset="
    found = [task for first in (0, 100) for task in server.call(f"{tasks}{first}")["task_instances"]]
    assert len(found) == len(models()) + 1
    return {task["task_id"]: task["state"] for task in found}


def test_divisions_that_have_filed_have_a_run_each_and_the_province_one(server: Server) -> None:
    server.wait_for("its login", server.log_in)
    have = set(filed.filed(Settings(server.home.path)))
    assert have and len({partition.partition("|")[0] for partition in have}) > 1
    runs = "/api/v2/dags/division_filed/dagRuns?limit=100"

    def of_all() -> bool:
        return have <= {run["partition_key"] for run in server.call(runs)["dag_runs"] if run["state"] == "success"}

    server.wait_for("a run for each division", of_all)
    province = server.first_run("province_filed", "asset_triggered")
    assert server.state_of("province_filed", province["dag_run_id"]) == "success"
    year = province["partition_key"]
    told = server.told(f"{year} 年度已有")
    assert f"{len([one for one in have if one.startswith(year)])} 个区划报齐" in told


def test_a_run_says_how_it_ended_and_links_to_what_it_made(server: Server) -> None:
    server.wait_for("its login", server.log_in)
    run, edition = server.first_run("nightly_rankings"), server.home.current.name
    assert run["note"].startswith(f"{edition} 已发布 · ") and run["note"].endswith("门禁通过")
    links = f"/api/v2/dags/nightly_rankings/dagRuns/{quote(run['dag_run_id'])}/taskInstances"
    receipts = server.call(f"{links}/take_in/links")["extra_links"].values()
    assert list(receipts) == [f"/desk/runs/{key_of(run['dag_run_id'])}"]
    assert set(server.call(f"{links}/publish_edition/links")["extra_links"].values()) == {
        f"/desk/gate/{edition}",
        f"/desk/editions/{edition}/site/index.html",
    }
    events = server.call("/api/v2/assets/events?order_by=-timestamp")["asset_events"]
    [told] = [event["extra"] for event in events if event["name"] == "edition"]
    assert told == {"edition_id": edition, "publication": "published"}
    assert {pool["name"]: pool["slots"] for pool in server.call("/api/v2/pools")["pools"]}["warehouse"] == 1


def test_officers_are_warned_of_a_late_night(server: Server) -> None:
    """The first night is hours after its deadline when it begins, long before it can end."""
    server.wait_for("its login", server.log_in)
    assert "仍未发布" in server.told("运行告警")
    alarms = [line for line in history(server.home.path / "editions") if line["event"] == "alarm"]
    assert ["late"] in [line["kinds"] for line in alarms]


def test_a_file_that_is_handed_in_has_its_receipt_within_a_minute(server: Server) -> None:
    server.wait_for("its login", server.log_in)
    name = next(name for name, row in TRUTH.items() if row["format"] == "txt" and row["encoding"] == "utf-8")
    text = (SAMPLE / "inbox" / name).read_text(encoding="utf-8")
    began = time.monotonic()
    (server.home.path / "inbox" / "更正.txt").write_text(text + "\n附：本报告为更正版。\n", encoding="utf-8")
    folder = server.home.path / "receipts" / "更正.txt.回执"
    server.wait_for("the receipt", lambda: list(folder.glob("*.html")))
    assert time.monotonic() - began < RECEIPT_SECONDS


def test_tasks_of_a_night_that_has_published_may_be_cleared(server: Server) -> None:
    server.wait_for("its login", server.log_in)
    run, before = server.first_run("nightly_rankings")["dag_run_id"], server.home.current.name
    published = [line for line in history(server.home.path / "editions") if line["event"] == "publish"]
    for task in ("evaluate_gate", "build_warehouse"):
        assert server.clear("nightly_rankings", run, task) == "success"
        assert "与已发布的相同" in server.first_run("nightly_rankings")["note"]
    assert server.home.current.name == before
    assert [line for line in history(server.home.path / "editions") if line["event"] == "publish"] == published


def test_a_past_night_that_is_run_again_gives_that_night(server: Server) -> None:
    """What was handed in since is in the next edition; the first night, cleared whole, is built from what it saw."""
    server.wait_for("its login", server.log_in)
    run, first = server.first_run("nightly_rankings")["dag_run_id"], server.home.current.name
    assert server.run_to_its_end("nightly_rankings") == "success"
    second = server.home.current.name
    assert second != first
    assert server.clear("nightly_rankings", run, "take_in") == "success"
    note = server.first_run("nightly_rankings")["note"]
    assert note.startswith(first) and "已有更新的一期" in note and server.home.current.name == second


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
    assert len(server.all_told("：已发布")) == 2, "an edition is told once"
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
