"""The lake: append-only batches of Parquet. A batch is written aside and renamed into place, so it is there or not.

Batches have one order, that in which they landed: each is recorded later than all before it, whatever the clock says.
So what was there at a time stays what it was.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.landing import Landing, Row
from ingest.schema import TABLES, landed_schema
from jiheng.files import alone, canonical_json, sha256_of_bytes, sha256_of_file, sync_directory, sync_tree, write_json

GENESIS = "00000000T000000000000Z-genesis"
# The layout of what lies here: batches, their files, `batch.json`. A newer program reads older layouts; columns and
# tables that come to be do not change it. A lake without the file is of the first.
LAYOUT = 1
# The time in a batch's id: batches sort by it.
ID_TIME = "%Y%m%dT%H%M%S%fZ"
# What `batch.json` says of every batch.
RECORDED = frozenset({"batch_id", "files", "recorded_at"})
# Of so many damaged files an error tells the names.
MOST_TOLD = 20
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

Rows = Mapping[str, Sequence[Row]]
# Further rows of a table, as often as they come.
Parts = Iterable[tuple[str, Sequence[Row]]]


class LakeDamageError(RuntimeError):
    """A file of the lake that cannot be read. Nothing may be appended until it is restored from a backup."""


class LakeLayoutError(RuntimeError):
    """A lake that a newer program has written, in a layout that this one does not know. Nothing is read or appended."""


@dataclass(frozen=True)
class Lake:
    """A directory of batches; each holds one Parquet file a table and `batch.json` with their hashes."""

    root: Path

    @property
    def batches(self) -> Path:
        """Where finished batches lie."""
        return self.root / "batches"

    def alone(self) -> AbstractContextManager[None]:
        """Hold the lake's lock, which a process that dies gives back: whoever looks before landing must be alone."""
        return alone(self.root / ".lock")

    def ensure(self) -> None:
        """Land an empty first batch, so that every table exists from the beginning; also one for each newer table.

        Raises `LakeLayoutError`.
        """
        self._check_layout()
        if not (self.batches / GENESIS).exists():
            self._write(GENESIS, BEGINNING, (), TABLES)
        for name in TABLES:
            later = f"{GENESIS}-{name}"
            if not any((self.batches / batch / f"{name}.parquet").exists() for batch in (GENESIS, later)):
                self._write(later, BEGINNING, (), (name,))

    def land(self, rows: Rows, recorded_at: datetime) -> str | None:
        """Append rows of any tables as one batch and return its id; without rows nothing is written.

        Whoever calls holds the lake's lock. The batch is recorded at the time given, or just after the newest one where
        that is not later.
        """
        self.ensure()
        if not any(rows.values()):
            return None
        digest = sha256_of_bytes(canonical_json({name: list(table) for name, table in rows.items()}).encode())
        return self.land_parts(rows.items(), recorded_at, digest)

    def land_parts(self, parts: Parts, recorded_at: datetime, digest: str) -> str:
        """Append rows that come a table's part at a time, as one batch, and return its id, of which `digest` is a part.

        Whoever calls holds the lake's lock, and knows that there are rows.
        """
        self.ensure()
        self._clear_staging()
        recorded_at = max(recorded_at, self.newest() + timedelta(microseconds=1))
        batch_id = f"{recorded_at.astimezone(UTC).strftime(ID_TIME)}-{digest[:8]}"
        self._write(batch_id, recorded_at, parts)
        return batch_id

    def read(
        self,
        table: str,
        columns: list[str] | None = None,
        as_of: datetime | None = None,
        among: tuple[str, Collection[Any]] | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of a table in the order they were landed; with `as_of`, those recorded by then.

        `among` names a column and the values that it may have. Raises `LakeDamageError` for a file that cannot be read.
        """
        self.ensure()
        files = sorted(self.batches.glob(f"*/{table}.parquet"))
        wanted = [*columns, "recorded_at"] if columns else landed_schema(table).names
        filters = [(among[0], "in", list(among[1]))] if among else None
        # A batch from before a column was added gives nothing for it; the table has it all the same.
        whole = landed_schema(table).empty_table().select(list(dict.fromkeys(wanted)))
        found_in = (_read(path, wanted, filters) for path in files)
        rows = pa.concat_tables([whole, *found_in], promote_options="default")
        if as_of is not None:
            rows = rows.filter(pc.less_equal(rows["recorded_at"], pa.scalar(as_of, rows["recorded_at"].type)))
        found: list[dict[str, Any]] = rows.to_pylist()
        return found

    def batch_ids_of(self, table: str) -> list[str]:
        """The batches that hold rows of a table, in the order they were landed; empty first ones left out."""
        found = sorted(path.parent.name for path in self.batches.glob(f"*/{table}.parquet"))
        return [name for name in found if not name.startswith(GENESIS)]

    def of_batch(
        self, batch_id: str, table: str, among: tuple[str, Collection[Any]] | None = None
    ) -> list[dict[str, Any]]:
        """The rows that a batch brought to a table; `among` as for `read`."""
        path = self.batches / batch_id / f"{table}.parquet"
        if not path.exists() or (among and not among[1]):
            return []
        filters = [(among[0], "in", list(among[1]))] if among else None
        found: list[dict[str, Any]] = _read(path, None, filters).to_pylist()
        return found

    def state(self, as_of: datetime) -> tuple[str, datetime]:
        """A digest of all batches recorded by `as_of`, and when the last of them was recorded."""
        self.ensure()
        seen = [fact for fact in self._facts() if datetime.fromisoformat(fact["recorded_at"]) <= as_of]
        last = max((datetime.fromisoformat(fact["recorded_at"]) for fact in seen), default=BEGINNING)
        return sha256_of_bytes(canonical_json(seen).encode()), last

    def newest(self) -> datetime:
        """When the newest batch was recorded, as the ids tell; the beginning of time where there is none."""
        times = (path.name.partition("-")[0] for path in self.batches.glob("[1-9]*T*Z-*"))
        return max((datetime.strptime(time, ID_TIME).replace(tzinfo=UTC) for time in times), default=BEGINNING)

    def _check_layout(self) -> None:
        path = self.root / "layout.json"
        layout = _json_at(path)["layout"] if path.exists() else 1
        if layout > LAYOUT:
            raise LakeLayoutError(
                f"数据湖的布局是 {layout}，本程序只认识到 {LAYOUT}：它由更新的绩衡写成，请升级本机的绩衡，"
                "不要用旧程序处理（见 docs/operator/runbooks/LAKE-TOO-NEW.md）"
                f" · the lake has layout {layout}, this program knows {LAYOUT}: it was written by a newer one; upgrade"
            )

    def _facts(self) -> list[dict[str, Any]]:
        return [_facts_at(path) for path in sorted(self.batches.glob("*/batch.json"))]

    def totals(self, tables: Iterable[str], as_of: datetime) -> dict[str, int]:
        """How many rows each of the tables has, counting batches recorded by `as_of`."""
        return {table: len(self.read(table, ["batch_id"], as_of)) for table in tables}

    def damage(self, tables: Collection[str] = ()) -> list[str]:
        """Batches and files that are not as they were recorded, or missing; empty when the lake is whole.

        With `tables` only their files are looked at, and the records of all batches.
        """
        files = {f"{table}.parquet" for table in tables}
        return [one for batch in sorted(self.batches.glob("*/")) for one in _damage_of(batch, files)]

    def check(self, tables: Collection[str]) -> None:
        """Raises `LakeDamageError` where the files of these tables are not as they were recorded.

        For whoever decides by what the lake holds: of what is gone, nobody sees that it was there.
        """
        if damage := self.damage(tables):
            raise LakeDamageError("; ".join(damage[:MOST_TOLD]))

    def _write(
        self,
        batch_id: str,
        recorded_at: datetime,
        parts: Parts,
        tables: Iterable[str] = (),
    ) -> None:
        """Write a batch aside and move it into place; `tables` have a file even without a row."""
        staging = self.root / ".staging" / f"{batch_id}.{os.getpid()}"
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        with Landing(staging, batch_id, recorded_at) as landing:
            for table, rows in parts:
                if rows:
                    landing.add(table, rows)
            files = landing.finish(tables)
        write_json(staging / "batch.json", {"batch_id": batch_id, "recorded_at": recorded_at, "files": files})
        sync_tree(staging)
        self.batches.mkdir(parents=True, exist_ok=True)
        if not (self.root / "layout.json").exists():
            write_json(self.root / "layout.json", {"layout": LAYOUT})
        try:
            staging.replace(self.batches / batch_id)
        except OSError as error:
            # Two that found a lake without tables: the first batch of both is the same.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            shutil.rmtree(staging)
        for directory in (self.batches, self.root):
            sync_directory(directory)

    def _clear_staging(self) -> None:
        """Remove what killed processes have left: only who holds the lock writes, but for empty first batches."""
        for path in (self.root / ".staging").glob("*"):
            if not path.name.startswith(GENESIS):
                shutil.rmtree(path, ignore_errors=True)


def _facts_at(path: Path) -> dict[str, Any]:
    """What a batch says of itself. Raises `LakeDamageError`."""
    facts = _json_at(path)
    if lacking := RECORDED - facts.keys():
        raise LakeDamageError(f"{path.parent.name}/{path.name}: no {', '.join(sorted(lacking))}")
    return facts


def _json_at(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LakeDamageError(f"{path.parent.name}/{path.name}: {error.strerror}") from error
    except ValueError as error:
        raise LakeDamageError(f"{path.parent.name}/{path.name}: {error}") from error
    if not isinstance(found, dict):
        raise LakeDamageError(f"{path.parent.name}/{path.name}: {type(found).__name__} instead of facts")
    return found


def _damage_of(batch: Path, wanted: Collection[str]) -> Iterator[str]:
    """What of a batch, or of its `wanted` files, is not as it was recorded."""
    try:
        facts = _facts_at(batch / "batch.json")
    except LakeDamageError as damage:
        yield str(damage)
        return
    if facts["batch_id"] != batch.name:
        yield f"{batch.name} (a copy of {facts['batch_id']})"
    for name, digest in facts["files"].items():
        if wanted and name not in wanted:
            continue
        file = batch / name
        found_there = sha256_of_file(file) if file.exists() else ""
        if found_there != digest:
            is_older = found_there in facts.get("redacted", {}).get(name, ())
            why = " (an erasure was interrupted, or undone: run it again)" if is_older else ""
            yield f"{batch.name}/{name}{why}"


def _read(path: Path, columns: list[str] | None, filters: list[tuple[str, str, list[Any]]] | None) -> pa.Table:
    try:
        names = pq.read_schema(path).names
        if any(name not in names for name, _, _ in filters or ()):
            return pq.read_schema(path).empty_table()
        return pq.read_table(path, columns=columns and [name for name in columns if name in names], filters=filters)
    except (pa.ArrowInvalid, OSError) as error:
        raise LakeDamageError(f"{path.parent.name}/{path.name}: {error}") from error
