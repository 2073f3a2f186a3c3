"""The command line as people meet it: help, errors, exit codes."""

import os
import subprocess
import sys
from pathlib import Path

from jiheng.settings import PROJECT_ROOT


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # COLUMNS: a worker of the tests says how wide its own output is.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIHENG_") and name != "COLUMNS"}
    return subprocess.run(
        [sys.executable, "-m", "jiheng", *arguments],
        cwd=PROJECT_ROOT,
        env=clean | {"JIHENG_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_verb_and_the_exit_codes(tmp_path: Path) -> None:
    shown = run(tmp_path, "--help").stdout
    verbs = (
        "nightly",
        "airflow",
        "intake",
        "build",
        "publish",
        "gate",
        "rollback",
        "verify",
        "status",
        "query",
        "trace",
    )
    for verb in (*verbs, "generate", "evaluate", "doctor"):
        assert f"  {verb} " in shown
    assert "门禁未通过" in shown


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    heavy = ("pandas", "duckdb", "pyarrow", "airflow", "dbt")
    look = f"import sys, jiheng.cli; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", look], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_an_inbox_that_is_not_there_is_a_mistake_of_usage(tmp_path: Path) -> None:
    ran = run(tmp_path, "nightly", "--inbox", str(tmp_path / "nowhere"))
    assert ran.returncode == 2
    assert "error[E2001]" in ran.stderr and "nowhere" in ran.stderr and "help:" in ran.stderr


def test_what_is_asked_before_anything_is_published(tmp_path: Path) -> None:
    assert run(tmp_path, "query", "select 1").returncode == 4
    assert "nothing is published" in run(tmp_path, "trace", "x").stdout
    assert run(tmp_path, "gate").returncode == 0
    rolled = run(tmp_path, "rollback", "--by", "test", "--reason", "test")
    assert rolled.returncode == 1 and "no earlier edition" in rolled.stderr


def test_a_wrong_register_ends_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "due_submissions.csv").write_text(
        "division_key,department_name,functions,fiscal_year,due_on,source\nnobody,甲局,,2024,2025-03-31,x\n",
        encoding="utf-8",
    )
    ran = run(tmp_path, "intake")
    assert ran.returncode == 1
    assert "due_submissions.csv line 2" in ran.stderr and "Traceback" not in ran.stderr


def test_doctor_says_what_is_there(tmp_path: Path) -> None:
    ran = run(tmp_path, "doctor")
    assert ran.returncode == 0
    assert "dbt-duckdb" in ran.stdout and "JIHENG_HOME" in ran.stdout


def test_a_generated_province_has_what_was_asked_for(tmp_path: Path) -> None:
    assert (
        run(
            tmp_path, "generate", str(tmp_path / "made"), "--divisions", "2", "--departments", "2", "--years", "1"
        ).returncode
        == 0
    )
    assert {path.name for path in (tmp_path / "made").iterdir()} == {"inbox", "registers", "truth.json"}
