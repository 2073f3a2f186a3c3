"""The page that asks the edition's own warehouse with SQL, in the browser (DuckDB-WASM, served beside the editions)."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

from publish import dictionary
from publish.data import Row

# Where `make sql-page` puts what the page runs, beside the editions: 75 MB once, not in every edition.
LIBRARY = ("publish", "browser", "package.json")
PACKAGE = "@duckdb/duckdb-wasm"


def page(edition: Path) -> Row:
    """The tables with their columns and descriptions, and queries to begin with."""
    return {"tables": dictionary.load(edition), "examples": examples(), "library": f"duckdb-wasm-{version()}"}


def version() -> str:
    """The locked version of the library."""
    package, *below = LIBRARY
    locked = json.loads(resources.files(package).joinpath(*below).read_text(encoding="utf-8"))
    return str(locked["dependencies"][PACKAGE])


def examples() -> list[Row]:
    """Queries with a title in each language, which stand above each in `examples.sql`."""
    blocks = resources.files("publish.site").joinpath("examples.sql").read_text(encoding="utf-8").strip().split("\n\n")
    split = (block.split("\n", 2) for block in blocks)
    return [{"title_zh": zh[3:], "title_en": en[3:], "sql": query} for zh, en, query in split]
