"""What `python -m jiheng.handbook` writes: the data dictionary, the methods, and the graph of models for Airflow.

dbt builds the two tables of the dictionary, which need no lake, and the pages are written as an edition's are.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import duckdb

from jiheng import models
from jiheng.files import write_text
from jiheng.settings import PROJECT_ROOT, Settings
from jiheng.warehouse import BuildError, build, parsed
from publish import method
from publish.dictionary import as_markdown, described

DICTIONARY = PROJECT_ROOT / "docs" / "analyst" / "dictionary.md"
METHODS = PROJECT_ROOT / "docs" / "finance" / "method.md"
TABLES = ("dictionary_table", "dictionary_column")


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


def graph() -> str:
    """The models for Airflow as JSON, as dbt reads the project now."""
    with tempfile.TemporaryDirectory() as folder:
        return models.as_json(models.from_manifest(parsed(Settings(Path(folder)))))


if __name__ == "__main__":
    write_text(DICTIONARY, dictionary())
    write_text(METHODS, methods())
    write_text(models.GRAPH, graph())
