"""A batch on its way into the lake: rows are written as they come, so that a batch may be larger than the memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.schema import TABLES, landed_schema
from jiheng.files import sha256_of_file

# So many rows of a table are kept before they are written.
ROWS_AT_ONCE = 20_000

Row = Mapping[str, Any]


@dataclass
class Landing:
    """One batch as it is written into a folder of its own; the same rows in the same order give the same bytes."""

    folder: Path
    batch_id: str
    recorded_at: datetime
    _waiting: dict[str, list[Row]] = field(default_factory=dict)
    _writers: dict[str, pq.ParquetWriter] = field(default_factory=dict)

    def add(self, table: str, rows: Sequence[Row]) -> None:
        """Take in further rows of a table."""
        waiting = self._waiting.setdefault(table, [])
        waiting += rows
        if len(waiting) >= ROWS_AT_ONCE:
            self._write(table)

    def finish(self, tables: Iterable[str] = ()) -> dict[str, str]:
        """Write what waits, and an empty file for each of `tables` that got no row; gives the files' hashes."""
        for table in {**dict.fromkeys(tables), **self._waiting}:
            if self._waiting.get(table) or table not in self._writers:
                self._write(table)
        for writer in self._writers.values():
            writer.close()
        return {f"{table}.parquet": sha256_of_file(self._path(table)) for table in self._writers}

    def __enter__(self) -> Landing:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """After an error the files are given up: a writer would try to end its own once more, and say it cannot."""
        for writer in self._writers.values() if kind else ():
            writer.is_open = False

    def _write(self, table: str) -> None:
        schema = landed_schema(table)
        if table not in self._writers:
            self._writers[table] = pq.ParquetWriter(self._path(table), schema, compression="zstd")
        stamp = {"batch_id": self.batch_id, "recorded_at": self.recorded_at}
        rows = [{**row, **stamp} for row in self._waiting.pop(table, ())]
        columns = {one.name: _column(rows, one) for one in schema}
        self._writers[table].write_table(pa.table(columns, schema=schema))

    def _path(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"


def _column(rows: Sequence[Row], field: pa.Field) -> list[Any] | pa.Array:
    """A column's values; only decimals, days and times may have to be made of texts."""
    values = [row.get(field.name) for row in rows]
    if not (pa.types.is_decimal(field.type) or pa.types.is_temporal(field.type)):
        return values
    try:
        # All texts, as they come from a reading, and none too fine for the column: Arrow makes them ten times as fast.
        return pa.array(values, pa.string()).cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return [_typed(value, field.type) for value in values]


def typed_rows(table: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows that were kept as JSON, with the types of their table's columns."""
    schema = TABLES[table]
    return [{name: _typed(value, schema.field(name).type) for name, value in row.items()} for row in rows]


def _typed(value: Any, kind: pa.DataType) -> Any:
    """A value as the column's type; text comes from rows that were kept as JSON between two steps."""
    if value is None:
        return None
    if pa.types.is_decimal(kind):
        return Decimal(value).quantize(Decimal(1).scaleb(-kind.scale))
    if pa.types.is_date(kind) and isinstance(value, str):
        return date.fromisoformat(value)
    if pa.types.is_timestamp(kind) and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value
