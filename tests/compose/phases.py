"""What is proved of the running services, one function each; an error says what did not hold, the result is figures."""

from __future__ import annotations

import time
from typing import Any

from jiheng.settings import PROJECT_ROOT
from tests.compose.stack import ENDED, Stack, StackError
from tests.nights import comparable

INBOX = PROJECT_ROOT / "samples" / "province" / "inbox"
NIGHT = "nightly_rankings"
TASKS = ("take_in", "share_out", "read_and_check", "land", "build_warehouse", "evaluate_gate", "publish_edition")
# The revision before Airflow's newest, from which the upgrade starts.
OLDER_AIRFLOW = "3.2.0"
RECEIPT_SECONDS = 120


def start(stack: Stack) -> dict[str, Any]:
    """`make up` from nothing: image, secrets, every service healthy."""
    began = time.monotonic()
    stack.up()
    sizes = stack.run("docker", "images", "--format", "{{.Size}}", stack.environment["JIHENG_IMAGE"]).split()
    usage = stack.run("docker", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}").splitlines()
    ours = [line.split() for line in usage if line.startswith(f"{stack.project}_")]
    memory = {row[0].removeprefix(f"{stack.project}_"): row[1] for row in ours}
    return {"up_seconds": round(time.monotonic() - began), "image": sizes[0], "memory_at_rest": memory}


def receipt(stack: Stack) -> dict[str, Any]:
    """A file that is put into the bucket comes back as a receipt, over the triggerer, the queue and a worker."""
    first = sorted(INBOX.iterdir())[0]
    stack.put("inbox", [first])
    began = time.monotonic()
    place = f"/var/lib/jiheng/receipts/{first.name}.回执"
    look = lambda: stack.inside("worker", "sh", "-c", f"ls '{place}' 2> /dev/null | grep html || true").strip()  # noqa: E731
    stack.until("the receipt", look)
    stack.until("quiet", lambda: not _running(stack, "intake"))
    return {"receipt_seconds": round(time.monotonic() - began)}


def night(stack: Stack) -> dict[str, Any]:
    """The whole sample over both workers; the edition stands in the bucket and on the site as it does in the home."""
    stack.put("inbox", sorted(INBOX.iterdir())[1:])
    run = stack.trigger(NIGHT)
    began = time.monotonic()
    stack.end(NIGHT, run)
    seconds = time.monotonic() - began
    tasks = stack.tasks(NIGHT, run)
    hosts = {one["hostname"] for one in tasks if one["hostname"]}
    if len(hosts) != len(stack.workers()):
        raise StackError(f"the night ran on {hosts} alone")
    manifest = stack.manifest()
    _check_published(stack, manifest)
    shares = {host: sum(one["hostname"] == host for one in tasks) for host in sorted(hosts)}
    return {"night_seconds": round(seconds), "tasks": len(tasks), "tasks_by_worker": sorted(shares.values())}


def _check_published(stack: Stack, manifest: dict[str, Any]) -> None:
    edition = manifest["edition_id"]
    bucket = stack.inside(
        "worker", "python", "-c", "import s3fs; print(*s3fs.S3FileSystem().find('editions'), sep='\\n')"
    )
    sent = [line for line in bucket.splitlines() if f"/{edition}/" in line]
    if len(sent) < len(manifest["files"]):
        raise StackError(f"the bucket has {len(sent)} of {len(manifest['files'])} files of {edition}")
    status, page = stack.site("/")
    if status != 200 or edition.encode() not in page:
        raise StackError(f"the site answers {status} without {edition}")
    if stack.site("/publications.jsonl")[0] != 404 or stack.site("/jiheng/submissions")[0] != 401:
        raise StackError("the log of publication is open, or the upload is not reached through the site")


def upgrade(stack: Stack) -> dict[str, Any]:
    """Airflow's database as an earlier version left is brought up by `airflow-init`, its runs are still there."""
    before = stack.call(f"/api/v2/dags/{NIGHT}/dagRuns")["total_entries"]
    services = ("scheduler", "dag-processor", "triggerer", "worker", "api-server")
    stack.compose("stop", "--timeout", "60", *services)
    stack.compose("run", "--rm", "airflow-init", "airflow", "db", "downgrade", "--to-version", OLDER_AIRFLOW, "--yes")
    began = time.monotonic()
    stack.compose("run", "--rm", "airflow-init")
    seconds = round(time.monotonic() - began)
    stack.up()
    stack.token = ""
    after = stack.until("the API", lambda: stack.call(f"/api/v2/dags/{NIGHT}/dagRuns"))["total_entries"]
    if after < before or not before:
        raise StackError(f"{before} runs before the upgrade, {after} after it")
    return {"from": OLDER_AIRFLOW, "init_seconds": seconds, "runs_kept": after}


def backup_and_restore(stack: Stack) -> dict[str, Any]:
    """All is backed up into the bucket and put back into an empty home and an empty database."""
    manifest = stack.manifest()
    known = stack.call(f"/api/v2/dags/{NIGHT}/dagRuns")["total_entries"]
    began = time.monotonic()
    stack.inside("worker", "jiheng", "backup", "--to", "s3://backups/jiheng")
    saved = round(time.monotonic() - began)
    stack.compose("down", "--timeout", "60")
    for volume in ("home", "postgres", "queue"):
        stack.run("docker", "volume", "rm", f"{stack.project}_{volume}")
    stack.compose("up", "--detach", "postgres", "redis", "objects")
    began = time.monotonic()
    stack.until("the database", lambda: _restored(stack), pause=5)
    restored = round(time.monotonic() - began)
    stack.up()
    stack.token = ""
    if stack.manifest() != manifest:
        raise StackError("the restored edition is another")
    again = stack.until("the API", lambda: stack.call(f"/api/v2/dags/{NIGHT}/dagRuns"))["total_entries"]
    if again < known:
        raise StackError(f"{known} runs before, {again} after the restore")
    _check_published(stack, manifest)
    return {"backup_seconds": saved, "restore_seconds": restored}


def _restored(stack: Stack) -> str:
    return stack.compose("run", "--rm", "airflow-init", "jiheng", "restore", "--from", "s3://backups/jiheng") or "yes"


def killed_night(stack: Stack) -> dict[str, Any]:
    """A night in which the worker of every task is killed once ends well, with the bytes of an undisturbed one.

    From an empty installation. What it published is then taken away and published again, undisturbed, from what was
    known at the same moment: every file must be the same, DuckDB's in its tables.
    """
    stack.down()
    stack.up()
    stack.token = ""
    stack.put("inbox", sorted(INBOX.iterdir()))
    run = stack.trigger(NIGHT)
    began = time.monotonic()
    killed = _kill_in_each(stack, run)
    stack.end(NIGHT, run)
    seconds = round(time.monotonic() - began)
    tries = {one["task_id"]: one["try_number"] for one in stack.tasks(NIGHT, run)}
    disturbed = stack.manifest()
    stack.inside("worker", "sh", "-c", "chmod -R u+w /var/lib/jiheng/editions && rm -rf /var/lib/jiheng/editions/*")
    stack.end(NIGHT, stack.trigger(NIGHT, {"as_of": disturbed["as_of"]}))
    ours, theirs = comparable(disturbed), comparable(stack.manifest())
    if ours != theirs:
        differ = sorted(name for name, facts in ours["files"].items() if theirs["files"].get(name) != facts)
        raise StackError(f"{len(differ)} files are not those of an undisturbed night: {differ[:10]}")
    return {"killed_in": killed, "tries": tries, "night_seconds": seconds, "same_files": len(ours["files"])}


def _kill_in_each(stack: Stack, run: str) -> dict[str, int]:
    """SIGKILL the worker container that has each task, in their order; gives the seconds until the task ran again."""
    found = {}
    for task in TASKS:
        host = stack.until(f"{task} to run", lambda task=task: _worker_of(stack, run, task, 1), pause=0.1)
        container = stack.workers().get(host)
        if not container:
            raise StackError(f"{task} runs on {host}, which is no worker")
        stack.run("docker", "kill", "--signal", "KILL", container)
        began = time.monotonic()
        stack.until(f"{task} to run again", lambda task=task: _worker_of(stack, run, task, 2), pause=1)
        found[task] = round(time.monotonic() - began)
        stack.run("docker", "start", container)
    return found


def _worker_of(stack: Stack, run: str, task: str, tries: int) -> str:
    """The host of an instance of the task that runs in this try or a later one; an error when that is missed."""
    for one in stack.tasks(NIGHT, run):
        if one["task_id"] == task and one["try_number"] >= tries:
            if one["state"] == "running" or (tries > 1 and one["state"] in ENDED):
                return str(one["hostname"])
            if one["state"] == "success" and one["map_index"] < 0:
                raise SystemExit(f"{task} had ended before its worker could be killed")
    return ""


def _running(stack: Stack, dag: str) -> list[Any]:
    runs: list[Any] = stack.call(f"/api/v2/dags/{dag}/dagRuns?state=running&state=queued")["dag_runs"]
    return runs
