"""What is proved of the running services, one function each; an error says what did not hold, the result is figures."""

from __future__ import annotations

import json
import time
from typing import Any

from jiheng.settings import PROJECT_ROOT
from tests.compose.stack import ENDED, MissedError, Stack, StackError
from tests.nights import OF_DUCKDB, comparable

INBOX = PROJECT_ROOT / "samples" / "province" / "inbox"
NIGHT = "nightly_rankings"
TASKS = ("take_in", "share_out", "read_and_check", "land", "build_warehouse", "evaluate_gate", "publish_edition")
# These take a second or less.
QUICK = ("take_in", "share_out", "land")
# How long a task works before its worker is killed: the long ones in the middle of it, the others at once.
WORK_SECONDS = {"read_and_check": 1, "build_warehouse": 12, "publish_edition": 3}
# The version before Airflow's newest change of its schema, from which the upgrade starts.
OLDER_AIRFLOW = "3.2.0"
BACKUPS = "s3://backups/jiheng"
HOME = "/var/lib/jiheng"


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
    place = f"{HOME}/receipts/{first.name}.回执"
    look = lambda: stack.inside("worker", "sh", "-c", f"ls '{place}' 2> /dev/null | grep html || true").strip()  # noqa: E731
    stack.until("the receipt", look)
    stack.until("quiet", lambda: not _running(stack, "intake"))
    return {"receipt_seconds": round(time.monotonic() - began)}


def night(stack: Stack) -> dict[str, Any]:
    """The whole sample over both workers; the edition stands in the bucket and on the site as it does in the home."""
    # Else the intake, which begins when a file comes, would read some of them before the night does.
    stack.pause("intake", True)
    stack.put("inbox", sorted(INBOX.iterdir())[1:])
    run = stack.trigger(NIGHT)
    began = time.monotonic()
    stack.end(NIGHT, run)
    seconds = time.monotonic() - began
    stack.pause("intake", False)
    tasks = stack.tasks(NIGHT, run)
    hosts = {one["hostname"] for one in tasks if one["hostname"]}
    if len(hosts) != len(stack.workers()):
        raise StackError(f"the night ran on {hosts} alone")
    _check_published(stack, stack.manifest())
    shares = {host: sum(one["hostname"] == host for one in tasks) for host in sorted(hosts)}
    longest = {task: max(one["duration"] or 0 for one in tasks if one["task_id"] == task) for task in TASKS}
    return {
        "night_seconds": round(seconds),
        "tasks": len(tasks),
        "tasks_by_worker": sorted(shares.values()),
        "task_seconds": {task: round(duration, 1) for task, duration in longest.items()},
    }


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
    """Airflow's database as an earlier version left it is brought up by `airflow-init`, its runs are still there."""
    before, newest = _runs(stack), _schema(stack)
    stack.compose("stop", "--timeout", "60", "scheduler", "dag-processor", "triggerer", "worker", "api-server")
    stack.compose("run", "--rm", "airflow-init", "airflow", "db", "downgrade", "--to-version", OLDER_AIRFLOW, "--yes")
    older = _schema(stack)
    if older == newest:
        raise StackError(f"the schema is still {newest} after the downgrade to {OLDER_AIRFLOW}")
    began = time.monotonic()
    stack.compose("run", "--rm", "airflow-init")
    seconds = round(time.monotonic() - began)
    if (found := _schema(stack)) != newest:
        raise StackError(f"the schema is {found} after airflow-init, not {newest}")
    stack.up()
    after = _runs(stack)
    if after < before or not before:
        raise StackError(f"{before} runs before the upgrade, {after} after it")
    return {"from": OLDER_AIRFLOW, "schemas": f"{older} → {newest}", "init_seconds": seconds, "runs_kept": after}


def _schema(stack: Stack) -> str:
    """The revision that Airflow's database says it is at."""
    ask = "psql --host 127.0.0.1 --username airflow --tuples-only --no-align"
    password = 'PGPASSWORD="$(cat /run/secrets/postgres_password)"'
    query = "select version_num from alembic_version"
    return stack.inside("postgres", "sh", "-c", f"{password} {ask} --command '{query}'").strip()


def _runs(stack: Stack) -> int:
    """How many nights Airflow knows of, as soon as it answers."""
    found = stack.until("the API", lambda: stack.call(f"/api/v2/dags/{NIGHT}/dagRuns"))["total_entries"]
    return int(found)


def backup_and_restore(stack: Stack) -> dict[str, Any]:
    """All is backed up into the bucket and put back into an empty home and an empty database."""
    manifest, hashes, known = stack.manifest(), stack.hashes(), _runs(stack)
    began = time.monotonic()
    facts = json.loads(stack.inside("worker", "jiheng", "backup", "--to", BACKUPS, "--json"))
    saved = round(time.monotonic() - began)
    stack.compose("down", "--timeout", "60")
    for volume in ("home", "postgres", "queue"):
        stack.run("docker", "volume", "rm", f"{stack.project}_{volume}")
    stack.compose("up", "--detach", "postgres", "objects")
    stack.until("the object store", lambda: stack.once("jiheng", "backup", "--list", "--to", BACKUPS), seconds=60)
    began = time.monotonic()
    stack.once("jiheng", "restore", "--from", BACKUPS)
    restored = round(time.monotonic() - began)
    stack.up()
    if stack.hashes() != hashes:
        raise StackError("the restored edition is another")
    if (again := _runs(stack)) < known:
        raise StackError(f"{known} runs before, {again} after the restore")
    _check_published(stack, manifest)
    stack.inside("worker", "jiheng", "verify")
    counts = {name: facts[name] for name in ("files", "bytes")}
    return {"backup_seconds": saved, **counts, "restore_seconds": restored, "runs_kept": again}


def killed_night(stack: Stack) -> dict[str, Any]:
    """A night in which the worker of every task is killed once ends well, with the bytes of an undisturbed one.

    From an empty home. What it published is then taken away and published again, undisturbed, from what was
    known at the same moment: every file must be the same, DuckDB's in its tables (`tests.nights.OF_DUCKDB`).
    """
    stack.pause("intake", True)
    stack.put("inbox", sorted(INBOX.iterdir()))
    _empty(stack, HOME, keep="airflow")
    run = stack.trigger(NIGHT)
    began = time.monotonic()
    killed = _kill_in_each(stack, run)
    stack.end(NIGHT, run)
    seconds = round(time.monotonic() - began)
    tries = dict.fromkeys(TASKS, 0)
    for one in stack.tasks(NIGHT, run):
        tries[one["task_id"]] = max(tries[one["task_id"]], one["try_number"])
    if spared := [task for task, count in tries.items() if count < 2]:
        raise StackError(f"not tried again, so not killed: {spared}")
    manifest, disturbed = stack.manifest(), stack.hashes()
    _check_published(stack, manifest)
    _empty(stack, f"{HOME}/editions")
    stack.end(NIGHT, stack.trigger(NIGHT, {"as_of": manifest["as_of"]}))
    undisturbed = stack.hashes()
    files = (disturbed | undisturbed).keys() - set(OF_DUCKDB)
    differ = sorted(name for name in files if disturbed.get(name) != undisturbed.get(name))
    if differ or comparable(stack.manifest()) != comparable(manifest):
        raise StackError(f"{len(differ)} files are not those of an undisturbed night: {differ[:10]}")
    stack.pause("intake", False)
    return {"again_after_seconds": killed, "tries": tries, "night_seconds": seconds, "same_files": len(files)}


def _empty(stack: Stack, folder: str, keep: str = "") -> None:
    find = f"find {folder} -mindepth 1 -maxdepth 1 ! -name '{keep}'"
    stack.inside("worker", "sh", "-c", f"{find} ! -type l -exec chmod -R u+w {{}} + && {find} -exec rm -rf {{}} +")


def _kill_in_each(stack: Stack, run: str) -> dict[str, int]:
    """SIGKILL the worker container that has each task; gives the seconds from there until the task ran again."""
    # Asked for once: no time may pass between the look that finds a task and the kill.
    workers = stack.workers()
    found = {}
    _slow_down_for(stack, TASKS[0], workers)
    for task, following in zip(TASKS, [*TASKS[1:], ""], strict=True):
        index, host = stack.until(f"{task} to run", lambda t=task: _running_on(stack, run, t), pause=0.05)
        time.sleep(WORK_SECONDS.get(task, 0))
        stack.run("docker", "kill", "--signal", "KILL", workers[host])
        began = time.monotonic()
        _slow_down_for(stack, "", workers)
        stack.run("docker", "start", workers[host])
        stack.until(f"{task} to be tried again", lambda t=task, i=index: _second_try(stack, run, t, i), pause=0.1)
        # While this one's second try has only begun, so that the following one cannot slip through.
        _slow_down_for(stack, following, workers)
        again = lambda t=task, i=index: _second_try(stack, run, t, i) in ("running", *ENDED)  # noqa: E731
        stack.until(f"{task} to run again", again, pause=0.05)
        found[task] = round(time.monotonic() - began)
    return found


def _slow_down_for(stack: Stack, task: str, workers: dict[str, str]) -> None:
    """Give workers so little of a processor that a task of a third of a second can be killed in it; else all of it."""
    stack.run("docker", "update", "--cpus", "0.1" if task in QUICK else "2", *workers.values())


def _running_on(stack: Stack, run: str, task: str) -> tuple[int, str] | None:
    """The first instance of the task that runs, as its index and host; an error where all have ended."""
    mine = [one for one in stack.tasks(NIGHT, run) if one["task_id"] == task]
    for one in mine:
        if one["state"] == "running" and one["hostname"]:
            return one["map_index"], one["hostname"]
    if mine and all(one["state"] in ENDED for one in mine):
        raise MissedError(f"{task} had ended before its worker could be killed: {mine}")
    return None


def _second_try(stack: Stack, run: str, task: str, index: int) -> str:
    """The state of the second try; none before it. An error where the first had ended before the kill."""
    one = next(one for one in stack.tasks(NIGHT, run) if (one["task_id"], one["map_index"]) == (task, index))
    if one["try_number"] < 2 and one["state"] in ENDED:
        raise MissedError(f"{task} had ended before its worker was killed: {one}")
    return str(one["state"] or "") if one["try_number"] > 1 else ""


def _running(stack: Stack, dag: str) -> list[Any]:
    runs: list[Any] = stack.call(f"/api/v2/dags/{dag}/dagRuns?state=running&state=queued")["dag_runs"]
    return runs
