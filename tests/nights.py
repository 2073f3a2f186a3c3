"""Whole nights: the real command, with real Airflow, dbt, DuckDB and Great Expectations, each in a home of its own."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jiheng.files import sha256_of_file, write_json
from jiheng.settings import PROJECT_ROOT

SAMPLE = PROJECT_ROOT / "samples" / "province"
# Whom the sample's reports name, and their telephone.
PERSONS = ("张示例", "李样本", "王演示", "赵虚构", "陈模拟", "0000-0000000")
# The same tables do not give DuckDB's file the same bytes, for it draws samples to choose a compression; and its size
# stands on one page of the site.
OF_DUCKDB = ("warehouse.duckdb", "site/downloads.html", "site/en/downloads.html", "site.zip", "site-en.zip")


@dataclass(frozen=True)
class Run:
    """What one call of `jiheng nightly` gave back."""

    exit_code: int
    facts: dict[str, Any]
    told: str


@dataclass(frozen=True)
class Home:
    """A JIHENG_HOME with the commands that tests need."""

    path: Path

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("JIHENG_", "AIRFLOW"))}
        clean.pop("PYTHONDONTWRITEBYTECODE", None)
        return subprocess.run(
            [sys.executable, "-m", "jiheng", *arguments],
            cwd=PROJECT_ROOT,
            env=clean | {"JIHENG_HOME": str(self.path)},
            capture_output=True,
            text=True,
            check=False,
        )

    def night(self, inbox: Path, registers: Path | None = None) -> Run:
        more = ["--registers", str(registers)] if registers else []
        ran = self.command("nightly", "--json", "--inbox", str(inbox), *more)
        facts = json.loads(ran.stdout.splitlines()[-1]) if ran.stdout.strip() else {}
        return Run(ran.returncode, facts, ran.stderr + self.log_tail())

    def log_tail(self) -> str:
        logs = sorted((self.path / "logs").glob("nightly-*.log"))
        return logs[-1].read_text(errors="replace")[-3000:] if logs else ""

    @property
    def current(self) -> Path:
        return (self.path / "editions" / "current").resolve()

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.current / "manifest.json").read_text(encoding="utf-8"))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.current / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def copy_to(self, target: Path) -> "Home":
        shutil.copytree(self.path, target, symlinks=True)
        return Home(target)


def comparable(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest of an edition as it must be, byte for byte, for any other that is made of the same."""
    files = {name: file for name, file in manifest["files"].items() if name not in OF_DUCKDB}
    assert len(files) + len(OF_DUCKDB) == len(manifest["files"])
    return manifest | {"files": files}


def lose_a_division(home: Home) -> str:
    """A division's reports vanish from the lake, and whoever took them away has mended the hashes. Gives its key."""
    [(division,)] = home.rows("select division_key from rank_division where is_ranked order by all limit 1")
    for batch in (home.path / "lake" / "batches").glob("2*"):
        if (batch / "submission_version.parquet").exists():
            _lose(batch, str(division))
    return str(division)


def _lose(batch: Path, division: str) -> None:
    facts = json.loads((batch / "batch.json").read_text())
    versions = f"select submission_version_id from '{batch}/submission_version.parquet'"
    lost = [key for (key,) in duckdb.sql(f"{versions} where division_key = '{division}'").fetchall()]
    for name in facts["files"]:
        path = batch / name
        if lost and "submission_version_id" in duckdb.sql(f"from '{path}'").columns:
            kept = f"from '{path}' where submission_version_id is null or submission_version_id not in {(*lost, '')}"
            duckdb.sql(f"copy ({kept}) to '{path}.new' (format parquet)")
            Path(f"{path}.new").replace(path)
        facts["files"][name] = sha256_of_file(path)
    write_json(batch / "batch.json", facts)


@pytest.fixture(scope="session")
def sample_night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Run]:
    """The sample province, published once."""
    home = Home(tmp_path_factory.mktemp("sample"))
    run = home.night(SAMPLE / "inbox", SAMPLE / "registers")
    assert run.exit_code == 0, run.told
    return home, run


@pytest.fixture(scope="session")
def next_night(sample_night: tuple[Home, Run], tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Run]:
    """The night after: one department hands in again, without the last third of its report."""
    home = sample_night[0].copy_to(tmp_path_factory.mktemp("next") / "home")
    inbox = tmp_path_factory.mktemp("inbox")
    [(name,)] = home.rows(
        "SELECT source_name FROM dim_submission s JOIN rank_division d USING (division_key, fiscal_year) "
        "WHERE is_current AND version_number = 1 AND source_name LIKE '%.txt' AND status LIKE 'accepted%' "
        "AND fiscal_year = 2024 AND d.rank = 1 AND d.league = 'county' "
        "ORDER BY source_name LIMIT 1"
    )
    lines = (SAMPLE / "inbox" / name).read_bytes().splitlines(keepends=True)
    (inbox / "again.txt").write_bytes(b"".join(lines[: len(lines) * 2 // 3]))
    run = home.night(inbox, SAMPLE / "registers")
    assert run.exit_code == 0, run.told
    return home, run


@pytest.fixture(scope="session")
def real_night(tmp_path_factory: pytest.TempPathFactory, real_reports: Path) -> tuple[Home, Run]:
    """The two real reports, published once, without any register of what is due."""
    home = Home(tmp_path_factory.mktemp("real"))
    run = home.night(real_reports)
    assert run.exit_code == 0, run.told
    return home, run
