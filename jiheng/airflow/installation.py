"""Airflow's own settings for an installation that runs on one machine: everything below `JIHENG_HOME/airflow`."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jiheng.access import accounts
from jiheng.airflow.pools import pools
from jiheng.files import write_json, write_text
from jiheng.settings import PROJECT_ROOT, Settings

# How long a process waits for Airflow's embedded database while another writes into it, in seconds.
SQLITE_ARGUMENTS = {"timeout": 60}
# What a task of Airflow finds in place of the address of Airflow's database.
BLOCKED = "airflow-db-not-allowed"


def users(settings: Settings) -> dict[str, str]:
    """Accounts of Airflow's simple auth manager with their roles there (`jiheng.access`)."""
    return {account: str(role.simple) for account, role in accounts(settings.registers).items()}


def environment(settings: Settings) -> dict[str, str]:
    """The environment for every Airflow process. Values that are set already win, but for those of a task of Airflow
    that keep it from the database.
    """
    home, port = settings.airflow_home, str(settings.airflow_port)
    ours = {
        "JIHENG_HOME": str(settings.home),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT_ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
            f"{name}:{role}" for name, role in users(settings).items()
        ),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        # Airflow writes the paths of its first start into its own file: a home that was moved or restored has others.
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(home / "logs" / "dag_processor"),
        "AIRFLOW__API__PORT": port,
        "AIRFLOW__API__HOST": settings.airflow_host,
        "AIRFLOW__API__BASE_URL": f"http://localhost:{port}",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        # A worker that says nothing for two minutes is given up for lost, and its task tried again.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "120",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "GX_ANALYTICS_ENABLED": "false",
        "PYTHONPATH": str(PROJECT_ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    # Airflow calls itself by name, so the commands of this environment must be found first.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    given = {name: value for name, value in os.environ.items() if not value.startswith(BLOCKED)}
    if not any("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" + how in given for how in ("", "_CMD", "_SECRET")):
        ours["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = f"sqlite:///{home / 'airflow.db'}"
        ours["AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS"] = "jiheng.airflow.installation.SQLITE_ARGUMENTS"
    fixed = {name: ours[name] for name in ("JIHENG_HOME", "AIRFLOW_HOME", "PYTHONPATH")}
    return {**ours, **given, **fixed, "PATH": path}


def prepare(settings: Settings, log: Path) -> None:
    """Create or upgrade Airflow's database and write passwords, if that was not done with this Airflow before.

    Before an upgrade a copy of the database is kept. Raises `MetadataVersionError` for one of a newer Airflow.
    """
    from importlib.metadata import version

    _make_passwords(settings)
    stamp, ours = settings.airflow_home / "migrated", version("apache-airflow")
    stamped = stamp.read_text().strip() if stamp.exists() else None
    if stamped != ours:
        _migrate(settings, stamped, ours, log)
    # A task of a pool that is not there waits without a word: they also follow the settings and the program.
    if stamped != ours or not _has_pools(settings):
        make_pools(settings, log)
    write_text(stamp, ours)


def _migrate(settings: Settings, stamped: str | None, ours: str, log: Path) -> None:
    from jiheng.backups import before_upgrade

    if stamped:
        before_upgrade.check(stamped, ours)
        kept = before_upgrade.keep_copy(settings, stamped)
        sys.stderr.write(
            f"升级 Airflow 元数据库 upgrading Airflow's database: {stamped} → {ours}；升级前的副本 copy kept: {kept}\n"
        )
    try:
        run(settings, ["db", "migrate"], log)
    except subprocess.CalledProcessError:
        before_upgrade.check_log(log, ours)
        raise


def make_pools(settings: Settings, log: Path) -> None:
    """Make Airflow's pools, or give those that are there their size."""
    wanted = settings.airflow_home / "pools.wanted.json"
    write_json(wanted, pools(settings))
    run(settings, ["pools", "import", str(wanted)], log)
    wanted.replace(_made_pools(settings))


def _has_pools(settings: Settings) -> bool:
    made = _made_pools(settings)
    return made.exists() and json.loads(made.read_text(encoding="utf-8")) == pools(settings)


def _made_pools(settings: Settings) -> Path:
    return settings.airflow_home / "pools.json"


def _make_passwords(settings: Settings) -> None:
    """A password for each account that has none yet; passwords that are there stay."""
    path = settings.airflow_home / "passwords.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    made = {name: secrets.token_urlsafe(12) for name in users(settings) if name not in known}
    if made:
        write_text(path, json.dumps({**known, **made}))
        path.chmod(0o600)


def run(settings: Settings, arguments: Sequence[str], log: Path) -> int:
    """Run one Airflow command to its end, its output in `log`. Raises `CalledProcessError` when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        command = [sys.executable, "-m", "airflow", *arguments]
        return subprocess.run(
            command, env=environment(settings), cwd=PROJECT_ROOT, stdout=stream, stderr=stream, check=True
        ).returncode


def connection(settings: Settings, name: str) -> dict[str, Any]:
    """A connection of Airflow, asked of Airflow's own command: for processes that are not one of its tasks.

    Raises LookupError where there is none.
    """
    command = [sys.executable, "-m", "airflow", "connections", "get", name, "--output", "json"]
    ran = subprocess.run(
        command, env=environment(settings), cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    try:
        [found] = json.loads(ran.stdout)
    except ValueError:
        raise LookupError(name) from None
    return {key: found[key] for key in ("host", "port", "schema", "login", "password")} | {
        "extra": found["extra_dejson"]
    }


def standalone(settings: Settings, say: Callable[[str], None]) -> int:
    """Run `airflow standalone` in a session of its own until it ends, then end the whole session."""
    prepare(settings, settings.home / "logs" / "airflow.log")
    passwords = settings.airflow_home / "passwords.json"
    say(f"网页 pages: http://localhost:{settings.airflow_port}  密码 passwords: {passwords}")
    command = [sys.executable, "-m", "airflow", "standalone"]
    process = subprocess.Popen(command, env=environment(settings), cwd=PROJECT_ROOT, start_new_session=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end_session(process.pid)


def _end_session(leader: int) -> None:
    """End what standalone leaves behind when it alone is stopped: its own group, and tasks, which have groups of their
    own in its session.
    """
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGTERM)
    for process in (int(entry.name) for entry in Path("/proc").glob("[0-9]*")):
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(process) == leader != os.getpgid(process):
                os.kill(process, signal.SIGTERM)
