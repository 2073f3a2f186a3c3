"""The data dictionary as a page of the documentation: `python -m jiheng.handbook` writes `docs/analyst/dictionary.md`.

dbt builds the two tables of the dictionary, which need no lake, and the page is written from them as an edition's is.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from jiheng.files import write_text
from jiheng.settings import PROJECT_ROOT, Settings
from jiheng.warehouse import BuildError, build
from publish.dictionary import as_markdown, described

PAGE = PROJECT_ROOT / "docs" / "analyst" / "dictionary.md"
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


if __name__ == "__main__":
    write_text(PAGE, dictionary())
