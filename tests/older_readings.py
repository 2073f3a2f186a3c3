"""A lake as an older reader would have left it: the rows of real readings, some of them changed, hashes mended."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jiheng.files import sha256_of_file, write_json

OLDER = "2025.1"
Row = dict[str, Any]


def change(lake: Path, table: str, to: Callable[[Row], Row | None]) -> None:
    """Change every row of a table in every batch, or leave it out where None is given back."""
    for path in lake.glob(f"batches/*/{table}.parquet"):
        landed = pq.read_table(path)
        rows = [changed for row in landed.to_pylist() if (changed := to(row)) is not None]
        pq.write_table(pa.Table.from_pylist(rows, schema=landed.schema), path, compression="zstd")
        mend(path.parent)


def mend(batch: Path) -> None:
    """Write the hashes of a batch's files anew."""
    facts = json.loads((batch / "batch.json").read_text())
    facts["files"] = {name: sha256_of_file(batch / name) for name in facts["files"]}
    write_json(batch / "batch.json", facts)


def age(lake: Path) -> None:
    """Say of every reading that an older reader made it."""
    for table in ("submission_version", "claim"):
        change(lake, table, lambda row: row | {"reader_version": OLDER})
