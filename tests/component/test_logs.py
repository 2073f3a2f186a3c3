"""Logs have run and step in every line, and nobody's name or number."""

import json
import os
import subprocess
import sys
from pathlib import Path

from jiheng.settings import PROJECT_ROOT
from tests.nights import SAMPLE, Home

PERSON, PHONE = "欧阳慕容", "13912345678"


def _intake(home: Home, inbox: Path, **more: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("JIHENG_", "AIRFLOW"))}
    places = {"JIHENG_HOME": str(home.path), "JIHENG_LOG": "json"}
    command = ["intake", "--inbox", str(inbox), "--registers", str(SAMPLE / "registers")]
    return subprocess.run(
        [sys.executable, "-m", "jiheng", *command],
        cwd=PROJECT_ROOT,
        env=clean | places | more,
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_log_of_an_intake_holds_a_name_or_a_number_of_a_person(tmp_path: Path) -> None:
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    inbox.mkdir()
    report = next(path for path in sorted((SAMPLE / "inbox").glob("*.txt")))
    text = report.read_bytes().decode("gb18030", errors="ignore")
    whole = inbox / f"{PERSON}{PHONE}.txt"
    whole.write_text(f"{text}\n联系人：{PERSON}，联系电话：{PHONE}\n", encoding="utf-8")
    # One that is no report, and one that is forever just being written: it has a time in the future.
    (inbox / f"请转{PERSON}{PHONE}.docx").write_bytes(f"{PERSON}{PHONE}".encode())
    moving = inbox / f"未完{PERSON}{PHONE}.txt"
    moving.write_text("写", encoding="utf-8")
    writer = subprocess.Popen(
        [sys.executable, "-c", f"import time\nwhile True: open({str(moving)!r}, 'a').write('x'); time.sleep(0.05)"]
    )
    try:
        ran = _intake(home, inbox, JIHENG_SETTLE_SECONDS="1")
    finally:
        writer.kill()
        writer.wait()
    assert ran.returncode == 0, ran.stderr
    kept = [*(home.path / "runs").rglob("*"), *(home.path / "logs").rglob("*")]
    told = "\n".join([ran.stdout, ran.stderr, *(path.read_text(errors="replace") for path in kept if path.is_file())])
    assert PERSON not in told and PHONE not in told
    [line] = [json.loads(line) for line in ran.stderr.splitlines() if "still being written" in line]
    assert line["jiheng_run"].startswith("intake__") and line["step"] == "take_in" and "file-" in line["event"]
