"""Airflow's own web server on a home with a published night: the desk behind its real login, without a scheduler."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from jiheng.airflow import installation
from jiheng.settings import PROJECT_ROOT, Settings
from tests.nights import Home

PATIENCE_SECONDS = 180
# Who is in the register of officers: not admin, so that the role alone is seen not to be enough.
OFFICERS = "name,account,acts,valid_from,valid_to\n处长甲,jia,override;waive,2020-01-01,\n"
ACCOUNTS = "account,role\njia,finance\nyi,finance\n"


class Desk:
    """A running web server, and clients that are logged in."""

    def __init__(self, home: Home, port: int) -> None:
        self.home, self.root = home, f"http://127.0.0.1:{port}"

    @property
    def passwords(self) -> dict[str, str]:
        return json.loads((self.home.path / "airflow" / "passwords.json").read_text(encoding="utf-8"))

    def token(self, account: str) -> str:
        said = {"username": account, "password": self.passwords[account]}
        return str(httpx.post(f"{self.root}/auth/token", json=said, timeout=30).json()["access_token"])

    def client(self, account: str | None = None) -> httpx.Client:
        """A client as a browser has it: the token in the cookie."""
        cookies = {"_token": self.token(account)} if account else {}
        return httpx.Client(base_url=self.root, cookies=cookies, timeout=60)


@contextmanager
def served(home: Home, **more: str) -> Iterator[Desk]:
    """Start the server on a home and end it, with all its processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(home.path)
    ours = ("JIHENG_", "AIRFLOW", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    started = clean | {"JIHENG_HOME": str(home.path), "JIHENG_AIRFLOW_PORT": str(port)} | more
    code = (
        "from jiheng.airflow import installation; from jiheng.settings import Settings; "
        "s = Settings.from_environment(); log = s.home / 'logs' / 'web.log'; "
        "installation.prepare(s, log); installation.run(s, ['api-server'], log)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT_ROOT, env=started, start_new_session=True)
    try:
        desk = Desk(home, port)
        wait_for(lambda: httpx.get(f"{desk.root}/api/v2/version", timeout=10).status_code == 200)
        assert installation.users(settings)
        yield desk
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def wait_for(look: Any) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            if look():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"the web server did not answer within {PATIENCE_SECONDS} s")


def furnish(home: Home) -> None:
    """Give a home its officers and accounts."""
    (home.path / "registers").mkdir(exist_ok=True)
    (home.path / "registers" / "officers.csv").write_text(OFFICERS, encoding="utf-8")
    (home.path / "registers" / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
