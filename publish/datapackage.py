"""`datapackage.json`: the edition's CSV files by the Tabular Data Package standard, so that tools know types and keys.

Types are those of the warehouse itself; titles and descriptions come from its dictionary.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from jiheng.files import sha256_of_file, write_json
from publish.data import about
from publish.dictionary import Table, described
from publish.warehouse import columns, opened, quoted

NAME = "datapackage.json"
# The Table Schema's types by the beginning of DuckDB's; lists and structures are JSON in CSV.
TYPES = (
    (r".*\[\]$", "array"),
    (r"STRUCT|MAP", "object"),
    (r"VARCHAR|UUID", "string"),
    (r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)$", "integer"),
    (r"DECIMAL|DOUBLE|FLOAT", "number"),
    (r"BOOLEAN", "boolean"),
    (r"DATE$", "date"),
    (r"TIMESTAMP WITH TIME ZONE", "datetime"),
)
# Our moments bear microseconds, which the standard's default form of a datetime does not have.
FORMATS = {"datetime": "%Y-%m-%dT%H:%M:%S.%fZ"}


def write(edition: Path) -> None:
    """Write `datapackage.json`, once the CSV files are there. Raises ValueError for a type that CSV has no word for."""
    facts = about(edition)
    with opened(edition) as con:
        resources = [_resource(edition, con, table) for table in described(con)]
    write_json(
        edition / NAME,
        {
            "profile": "tabular-data-package",
            "name": f"jiheng-{facts.edition_id.lower()}",
            "title": f"绩衡 Jiheng {facts.edition_id}",
            "description": "部门整体支出绩效自评：核实的事实与排名。 Checked facts and rankings from self-evaluations.",
            "version": facts.edition_id,
            **({"created": facts.as_of} if facts.as_of else {}),
            "resources": resources,
        },
    )


def _resource(edition: Path, con: duckdb.DuckDBPyConnection, table: Table) -> dict[str, Any]:
    path = edition / "csv" / f"{table.name}.csv"
    facts = table.facts
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path.relative_to(edition).as_posix(),
        "title": facts["grain_zh"],
        "description": " ".join(facts[name] for name in ("note_zh", "grain_en", "note_en") if facts[name]),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of_file(path)}",
        "schema": _schema(con, table),
    }


def _schema(con: duckdb.DuckDBPyConnection, table: Table) -> dict[str, Any]:
    kinds = dict(columns(con, table.name))
    schema: dict[str, Any] = {
        "fields": [_field(column, kinds[column["column_name"]]) for column in table.columns],
        "missingValues": [""],
    }
    if _is_whole(con, table.name, table.facts["key_columns"]):
        schema["primaryKey"] = table.facts["key_columns"]
    return schema


def _field(column: dict[str, Any], kind: str) -> dict[str, Any]:
    word = next((word for pattern, word in TYPES if re.match(pattern, kind)), None)
    if word is None:
        raise ValueError(f"{column['table_name']}.{column['column_name']}: no CSV type for {kind}")
    constraints: dict[str, Any] = {}
    if column["allowed_values"]:
        constraints["enum"] = column["allowed_values"]
    # A required text may be empty, and CSV readers cannot tell that from an absent one.
    if column["is_required"] and word != "string":
        constraints["required"] = True
    return {
        "name": column["column_name"],
        "type": word,
        **({"format": FORMATS[word]} if word in FORMATS else {}),
        "title": column["description_zh"],
        "description": column["description_en"],
        **({"constraints": constraints} if constraints else {}),
    }


def _is_whole(con: duckdb.DuckDBPyConnection, table: str, key: list[str]) -> bool:
    """Whether the key has no empty cell: the standard admits none in a primary key."""
    if not key:
        return False
    empty = " OR ".join(f"coalesce({quoted(name)}::VARCHAR, '') = ''" for name in key)
    row = con.execute(f"SELECT count(*) FROM main.{quoted(table)} WHERE {empty}").fetchone()
    return row is not None and row[0] == 0
