"""Airflow as a province runs it, with PostgreSQL, a queue and two workers: its nights, and what people do to them."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from benchmarks.faults import facts_of_lake
from expectations.personal_data import finds
from ingest.registers import division_rows
from jiheng import filed, progress, reruns
from jiheng.airflow.models import models
from jiheng.files import key_of
from jiheng.settings import PROJECT_ROOT, Settings
from publish.records import history
from tests import chats
from tests.airflows import PATIENCE_SECONDS, WORKERS, Cluster, cluster
from tests.nights import PERSONS, SAMPLE, Home, comparable, lose_a_division

pytestmark = [pytest.mark.night, pytest.mark.timeout(2 * PATIENCE_SECONDS)]
NIGHT = "nightly_rankings"
# What else would begin with a run that it has missed.
TIMED = ("intake", "watchdog", "housekeeping", "backup")
# What a sender is promised.
RECEIPT_SECONDS = 60
TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["files"]
NOTICES = """
channels:
  - {name: 工作群, kind: dingtalk, connection: jiheng_chat}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Its first night, which it has missed, is about to begin by itself."""
    home = Home(tmp_path_factory.mktemp("airflow"))
    shutil.copytree(SAMPLE / "inbox", home.path / "inbox")
    shutil.copytree(SAMPLE / "registers", home.path / "registers")
    (home.path / "registers" / "notices.yaml").write_text(NOTICES, encoding="utf-8")
    # Small batches, a deadline that the first night has missed before it begins, half of the divisions as a quorum.
    ours = {"JIHENG_READING_BATCH": "15", "JIHENG_DEADLINE_MINUTES": "1", "JIHENG_FILING_QUORUM": "50"}
    with cluster(home, **ours) as running:
        # All that lies there is for the night, and so is every place of the workers: it needs both of them.
        for dag in TIMED:
            running.pause(dag)
        running.start("scheduler")
        yield running


def test_a_night_that_loses_a_worker_has_the_bytes_of_an_undisturbed_one(server: Cluster, tmp_path: Path) -> None:
    """A machine dies in the middle of the build: the other goes on, and nothing that is published shows it."""
    assert server.call("/api/v2/importErrors")["total_entries"] == 0
    run = server.first_run(NIGHT)["dag_run_id"]
    lost = server.wait_for("half a build", lambda: _worker_in_half_a_build(server, run))
    server.lose(lost)
    try:
        data_time = reruns.seen_by(Settings(server.home.path), run).data_time
        undisturbed = _undisturbed(server.home, tmp_path / "undisturbed", data_time.isoformat())
        assert server.state_of(NIGHT, run) == "success"
    finally:
        server.start(lost)
        for dag in TIMED:
            server.pause(dag, False)
    build = server.task(NIGHT, run, "build_warehouse")
    assert build["try_number"] > 1 and build["unixname"] in {*WORKERS} - {lost}
    readers = {task["unixname"] for task in server.tasks(NIGHT, run) if task["task_id"] == "read_and_check"}
    assert readers == {*WORKERS}
    assert comparable(server.home.manifest) == comparable(undisturbed.manifest)
    [(versions,)] = server.home.rows("select count(*) from dim_submission")
    assert versions == len([row for row in TRUTH.values() if row["expected_outcome"] == "identified"])
    assert server.home.current.name in server.told("：已发布")


def _worker_in_half_a_build(server: Cluster, run: str) -> str | None:
    """The worker that builds, once dbt has made half of the models."""
    made = progress.outcomes(Settings(server.home.path), run).of
    if len(made) < len(models()) / 2:
        return None
    assert progress.WHOLE not in made, "the build had ended before its worker could be lost"
    return str(server.task(NIGHT, run, "build_warehouse")["unixname"])


def _undisturbed(disturbed: Home, place: Path, as_of: str) -> Home:
    """What the plain commands make of the same: the inbox taken in, and the disturbed home's lake published."""
    home = Home(place)
    shutil.copytree(SAMPLE / "registers", place / "registers")
    ran = home.command("intake", "--inbox", str(SAMPLE / "inbox"))
    assert ran.returncode == 0, ran.stderr
    ours, theirs = facts_of_lake(Settings(disturbed.path)), facts_of_lake(Settings(home.path))
    assert [name for name in theirs if ours[name] != theirs[name]] == []
    shutil.rmtree(place / "lake")
    shutil.copytree(disturbed.path / "lake", place / "lake")
    ran = home.command("publish", "--as-of", as_of)
    assert ran.returncode == 0, ran.stderr
    return home


def test_each_step_told_its_metrics_to_a_statsd_daemon(server: Cluster) -> None:
    """Sent by the tasks themselves, on whichever worker they ran, under Airflow's prefix and with labels."""
    told = dict(line.partition(":")[::2] for line in server.metrics)
    for step in ("take_in", "read_and_check", "land", "build_warehouse", "evaluate_gate", "publish_edition"):
        assert told[f"airflow.jiheng_step_failed,step={step}"] == "0.0|g"
    assert told["airflow.jiheng_gate_held"] == "0.0|g"
    assert told["airflow.jiheng_models"] == f"{len(models()):.1f}|g"


def test_no_log_of_a_night_holds_personal_data(server: Cluster) -> None:
    """Neither those of tasks nor those of the services, although the reports that were read are full of them."""
    read = "".join(path.read_text(errors="replace") for path in (SAMPLE / "inbox").glob("*.txt"))
    assert finds(read) and all(person in read for person in PERSONS)
    night = list((server.home.path / "airflow" / "logs" / f"dag_id={NIGHT}").rglob("*.log"))
    assert len(night) > len(server.tasks(NIGHT, server.first_run(NIGHT)["dag_run_id"])), "one for each try"
    for log in (*night, *(server.home.path / "logs").glob("*.log")):
        text = log.read_text(errors="replace")
        assert finds(text) == set() and [person for person in PERSONS if person in text] == [], log


def test_every_model_is_shown_as_dbt_left_it(server: Cluster) -> None:
    """Also of a night whose build was killed and begun again."""
    server.log_in()
    night = server.first_run(NIGHT)["dag_run_id"]
    assert set(_models_of(server, night).values()) == {"success"}


def test_a_model_that_failed_is_shown_with_all_that_read_it(server: Cluster) -> None:
    server.log_in()
    settings, night = Settings(server.home.path), server.first_run(NIGHT)["dag_run_id"]
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


def _models_of(server: Cluster, night: str) -> dict[str, str]:
    """The state of each model, and of the whole, in the run that shows this night's build, once it has ended."""
    runs = "/api/v2/dags/warehouse_models/dagRuns"
    [run] = server.wait_for(
        "the models", lambda: [run for run in server.call(runs)["dag_runs"] if run["partition_key"] == night]
    )
    server.state_of("warehouse_models", run["dag_run_id"])
    found = server.tasks("warehouse_models", run["dag_run_id"])
    assert len(found) == len(models()) + 1
    return {task["task_id"]: task["state"] for task in found}


def test_divisions_that_have_filed_have_a_run_each_and_the_province_one(server: Cluster) -> None:
    server.log_in()
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


def test_a_run_says_how_it_ended_and_links_to_what_it_made(server: Cluster) -> None:
    server.log_in()
    run, edition = server.first_run(NIGHT), server.home.current.name
    assert run["note"].startswith(f"{edition} 已发布 · ") and run["note"].endswith("门禁通过")
    links = f"/api/v2/dags/{NIGHT}/dagRuns/{quote(run['dag_run_id'])}/taskInstances"
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


def test_officers_are_warned_of_a_late_night(server: Cluster) -> None:
    """The first night is hours after its deadline when it begins, long before it can end."""
    server.log_in()
    assert "仍未发布" in server.told("运行告警")
    alarms = [line for line in history(server.home.path / "editions") if line["event"] == "alarm"]
    assert ["late"] in [line["kinds"] for line in alarms]


def test_a_file_that_is_handed_in_has_its_receipt_within_a_minute(server: Cluster) -> None:
    server.log_in()
    name = next(name for name, row in TRUTH.items() if row["format"] == "txt" and row["encoding"] == "utf-8")
    text = (SAMPLE / "inbox" / name).read_text(encoding="utf-8")
    began = time.monotonic()
    (server.home.path / "inbox" / "更正.txt").write_text(text + "\n附：本报告为更正版。\n", encoding="utf-8")
    folder = server.home.path / "receipts" / "更正.txt.回执"
    server.wait_for("the receipt", lambda: list(folder.glob("*.html")))
    assert time.monotonic() - began < RECEIPT_SECONDS


def test_tasks_of_a_night_that_has_published_may_be_cleared(server: Cluster) -> None:
    server.log_in()
    run, before = server.first_run(NIGHT)["dag_run_id"], server.home.current.name
    published = [line for line in history(server.home.path / "editions") if line["event"] == "publish"]
    assert server.clear(NIGHT, run, "evaluate_gate") == "success"
    assert "与已发布的相同" in server.first_run(NIGHT)["note"]
    assert server.home.current.name == before
    assert [line for line in history(server.home.path / "editions") if line["event"] == "publish"] == published


def test_a_past_night_that_is_run_again_gives_that_night(server: Cluster) -> None:
    """What was handed in since is in the next edition; the first night, cleared whole, is built from what it saw."""
    server.log_in()
    run, first = server.first_run(NIGHT)["dag_run_id"], server.home.current.name
    assert server.run_to_its_end(NIGHT) == "success"
    second = server.home.current.name
    assert second != first
    assert server.clear(NIGHT, run, "take_in") == "success"
    note = server.first_run(NIGHT)["note"]
    assert note.startswith(first) and "已有更新的一期" in note and server.home.current.name == second


def test_a_held_edition_waits_for_an_officer_who_releases_it(server: Cluster) -> None:
    """The hold starts a run that asks; the answer given in Airflow publishes, with name and reason on the pages."""
    server.log_in()
    before = server.home.current.name
    lose_a_division(server.home)
    assert server.run_to_its_end(NIGHT) == "failed"
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


def test_the_upload_is_served_beside_it_and_guards_itself(server: Cluster) -> None:
    """Airflow's login is not before a plugin's routes: neither nobody nor Airflow's own admin gets in."""
    server.log_in()
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
