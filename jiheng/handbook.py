"""What `python -m jiheng.handbook` writes: data dictionary, methods, settings, and the graph of models for Airflow.

dbt builds the two tables of the dictionary, which need no lake, and the pages are written as an edition's are.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import duckdb
from pydantic_core import PydanticUndefined

from jiheng.airflow import models
from jiheng.files import write_text
from jiheng.settings import PAGE, PREFIX, PROJECT_ROOT, Settings
from jiheng.warehouse import BuildError, build, parsed
from publish import method
from publish.dictionary import as_markdown, described

DICTIONARY = PROJECT_ROOT / "docs" / "analyst" / "dictionary.md"
METHODS = PROJECT_ROOT / "docs" / "finance" / "method.md"
SETTINGS = PROJECT_ROOT / PAGE
TABLES = ("dictionary_table", "dictionary_column")
SETTINGS_HEAD = """# Settings · 设置

Environment variables, checked when Jiheng starts: one that does not exist or cannot be used ends with `E4003`, which
names it. All are optional. A path may begin with `~`; a place may be a directory or a URL such as `s3://bucket/path`.

Secrets are never values of settings. What a store asks for stands in its own files (`~/.aws/credentials`, or
`AWS_SHARED_CREDENTIALS_FILE`); the second reader's key, the signing key and its password in files that a setting names;
those of notices in connections of Airflow or in files ([notices.md](notices.md)).

This page is written by `make docs` from `jiheng/settings.py`.
"""


def dictionary() -> str:
    """The page as Markdown. Raises `BuildError` when dbt cannot build the dictionary."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        built = build(Settings(home), home / "dictionary.duckdb", {}, TABLES)
        if built.failures:
            raise BuildError("; ".join(f"{failure.node}: {failure.message}" for failure in built.failures))
        with duckdb.connect(str(home / "dictionary.duckdb"), read_only=True) as connection:
            return as_markdown(described(connection))


def methods() -> str:
    """The ranking methods as Markdown, drafts included, from the seeds."""
    seeds = PROJECT_ROOT / "dbt_project" / "seeds"
    tables = {}
    for name in method.TABLES:
        with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            tables[name] = list(csv.DictReader(stream))
    return method.as_markdown([method.describe(tables, row["method_id"]) for row in tables["ranking_methods"]])


def settings() -> str:
    """Every setting as Markdown, in the order and with the words of `Settings`."""
    lines, group = [SETTINGS_HEAD.rstrip()], None
    for name, field in Settings.model_fields.items():
        if field.title != group:
            group = field.title
            lines += ["", f"## {group}", "", "| variable | 含义 · meaning | default |", "| --- | --- | --- |"]
        lines.append(f"| `{PREFIX}{name.upper()}` | {field.description} | {_default(name, field.get_default())} |")
    return "\n".join(lines) + "\n"


def _default(name: str, value: Any) -> str:
    if isinstance(value, Path):
        return f"`./{value.relative_to(PROJECT_ROOT)}`"
    if value is PydanticUndefined:
        return f"`{PREFIX}HOME/{name}`"
    return f"`{value}`" if value not in (None, "") else ""


def graph() -> str:
    """The models for Airflow as JSON, as dbt reads the project now."""
    with tempfile.TemporaryDirectory() as folder:
        return models.as_json(models.from_manifest(parsed(Settings(Path(folder)))))


if __name__ == "__main__":
    write_text(SETTINGS, settings())
    write_text(DICTIONARY, dictionary())
    write_text(METHODS, methods())
    write_text(models.GRAPH, graph())
