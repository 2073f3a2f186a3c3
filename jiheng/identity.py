"""What an edition was made with: the version of the code and the ids of the ranking methods."""

from __future__ import annotations

import csv
from functools import cache

from jiheng import __version__
from jiheng.files import key_of, sha256_of_file
from jiheng.settings import PROJECT_ROOT, Settings

# Everything that decides what an edition says; documents and tests do not.
SOURCES = ("jiheng", "ingest", "dbt_project", "expectations", "publish", "ranking")
SUFFIXES = {".py", ".sql", ".yml", ".yaml", ".csv", ".html", ".css", ".js", ".typ"}
# What tools put beside the sources.
PASSED_OVER = {"target", "logs", "__pycache__", "dbt_packages", "node_modules"}


@cache
def code_version() -> str:
    """The release and a hash of the sources, such as 0.1.0+1f3a9c02. Needs no version control."""
    files = (path for name in SOURCES for path in (PROJECT_ROOT / name).rglob("*") if path.suffix in SUFFIXES)
    kept = sorted(path for path in files if not PASSED_OVER & set(path.relative_to(PROJECT_ROOT).parts))
    facts = [f"{path.relative_to(PROJECT_ROOT).as_posix()} {sha256_of_file(path)}" for path in kept]
    return f"{__version__}+{key_of(*facts, length=8)}"


def method_ids(settings: Settings) -> list[str]:
    """Ids of the ranking methods that a night computes: the official one, then those on trial."""
    with (settings.reference / "ranking_methods.csv").open(encoding="utf-8", newline="") as stream:
        used = [row for row in csv.DictReader(stream) if row["status"] in ("official", "trial")]
    return [row["method_id"] for row in sorted(used, key=lambda row: (row["status"], row["method_id"]))]
