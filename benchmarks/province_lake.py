"""The lake of a whole province-year, made in a minute: a small made-up province is read, and its rows are multiplied.

Every copy of the small province is a province's part with divisions, departments and reports of its own: its keys have
the copy's number behind them. The generator's reports are short (some 45 claims), so each is given the claims,
statements and observations of three others as well, up to the 167 claims with which 12,000 reports make 2 million. The
two real reports at hand have 100 and 120.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.lake import Lake
from ingest.schema import TABLES
from jiheng.files import sha256_of_file, write_json
from jiheng.settings import PROJECT_ROOT
from samples.generator import generate

DIVISIONS, DEPARTMENTS, SEED = 40, 20, 99
# Copies of a division under which all copies of its departments are: 160 divisions with some 85 departments each.
DIVISION_COPIES = 4
CLAIMS_A_REPORT = 167
# How many reports of the small province one long report is put together from.
TOGETHER = 4
# How far apart these are among its versions: departments of other divisions, which do other things.
DISTANCE = 97
# How far apart the parts of a long report lie in its text and in its numbering.
APART = {"claim_number": 1_000, **dict.fromkeys(("span_start", "span_end", "figure_start", "figure_end"), 100_000)}
# Columns that name a row of the copy, and not one of the province around it.
KEYS = {
    *("submission_version_id", "submission_id", "arrival_id", "claim_id", "host_claim_id", "statement_id"),
    *("pairs_with_statement_id", "finding_id", "observation_id", "department_key", "department_name"),
    *("source_name", "sha256"),
}
KEYS_OF_DIVISIONS = {"division_key", "sender_division"}
LISTS_OF_KEYS = {"claim_ids", "statement_ids"}
LONGER = ("claim", "statement", "observation")
# Tables whose rows come once a copy, however many batches bring its reports.
REGISTERS = ("division", "due_submission")
OF_VERSIONS = [name for name, schema in TABLES.items() if "submission_version_id" in schema.names]
FIRST_DAY = datetime(2025, 3, 1, 16, tzinfo=UTC)


@dataclass(frozen=True)
class ProvinceLake:
    """A lake of many copies of a small province's rows; every copy is a batch of its own."""

    seed: Path
    lake: Lake

    def make(self, folder: Path, reports: int) -> None:
        """Read the small province for real, then land whole copies of it until at least so many versions are there, and
        the register of one copy more, whose reports are still to come.
        """
        _read_small_province(folder / "province", self.seed.parent)
        self.lake.ensure()
        with self._small_province() as con:
            copies = -(-reports // con.sql("select count(*) from submission_version").fetchall()[0][0])
            self._land(con, 0, ("division",), "division_key not in (select * from owing)")
            con.execute("delete from division where division_key not in (select * from owing)")
            for copy in range(1, copies + 1):
                self._land(con, copy, TABLES)
            self._land(con, copies + 1, REGISTERS)

    @contextmanager
    def another_night(self, reports: int) -> Iterator[None]:
        """A further batch while it lasts: so many new reports of the copy whose register alone is there."""
        copy = len([path for path in self.lake.batches.iterdir() if "-copy-" in path.name]) - 1
        with self._small_province() as con:
            con.execute(
                "create table tonight as select submission_version_id from submission_version "
                f"order by arrival_id limit {reports}"
            )
            batch = self._land(con, copy, OF_VERSIONS, "submission_version_id in (select * from tonight)", "new")
        try:
            yield
        finally:
            shutil.rmtree(batch)

    def _small_province(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect(config={"preserve_insertion_order": False, "threads": 2})
        con.execute("set TimeZone = 'UTC'")
        for name in TABLES:
            rows = f"from read_parquet('{self.seed}/batches/*/{name}.parquet', union_by_name=true)"
            con.execute(f"create table {name} as select * exclude (batch_id, recorded_at) {rows}")
        con.execute("create table owing as select distinct division_key from due_submission")
        con.execute(
            "create table place as select submission_version_id, row_number() over (order by submission_version_id) - 1"
            " as place, count(*) over () as places from submission_version"
        )
        for name in LONGER:
            _lengthen(con, name)
        con.execute(f"update submission_version set character_count = {TOGETHER * APART['span_end']}")
        return con

    def _land(
        self, con: duckdb.DuckDBPyConnection, copy: int, tables: Iterable[str], where: str = "true", name: str = "copy"
    ) -> Path:
        """Write one batch; copy 0 is what lies around the copies, and keeps its keys."""
        moment = FIRST_DAY + timedelta(days=copy)
        batch_id = f"{moment:%Y%m%dT%H%M%S%fZ}-{name}-{copy}"
        folder = self.lake.batches / batch_id
        folder.mkdir()
        for table in tables:
            columns = [column for column, *_ in con.execute(f"describe {table}").fetchall()]
            copied = ", ".join(_copied(column, copy) if copy else f'"{column}"' for column in columns)
            con.execute(
                f"copy (select {copied}, '{batch_id}' as batch_id, timestamptz '{moment.isoformat()}' as recorded_at "
                f"from {table} where {where}) to '{folder / table}.parquet' (format parquet, compression zstd)"
            )
        files = {path.name: sha256_of_file(path) for path in sorted(folder.iterdir())}
        write_json(folder / "batch.json", {"batch_id": batch_id, "recorded_at": moment, "files": files})
        return folder


def _read_small_province(province: Path, home: Path) -> None:
    generate(province, DIVISIONS, DEPARTMENTS, 1, Decimal("0.3"), SEED)
    subprocess.run(
        [
            *(sys.executable, "-m", "jiheng", "intake"),
            *("--inbox", str(province / "inbox"), "--registers", str(province / "registers")),
        ],
        env=os.environ | {"JIHENG_HOME": str(home), "JIHENG_SETTLE_SECONDS": "0"},
        cwd=PROJECT_ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _copied(column: str, copy: int) -> str:
    if column in LISTS_OF_KEYS:
        return f"list_transform({column}, lambda key: key || '.{copy}') as {column}"
    if column == "sha256":
        return f"sha256({column} || '.{copy}') as {column}"
    if column in KEYS_OF_DIVISIONS:
        return f"{column} || '.{copy % DIVISION_COPIES}' as {column}"
    return f"{column} || '.{copy}' as {column}" if column in KEYS else f'"{column}"'


def _lengthen(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Give every version the rows of the next versions too, under keys of its own."""
    replaced = ["own.submission_version_id as submission_version_id"]
    for column, *_ in con.execute(f"describe {table}").fetchall():
        if column in LISTS_OF_KEYS:
            replaced.append(f"list_transform({column}, lambda one: {_key_of_part('one')}) as {column}")
        elif column in KEYS - {"submission_version_id"}:
            replaced.append(f"{_key_of_part('rows.' + column)} as {column}")
        elif column in APART:
            replaced.append(f"{column} + part * {APART[column]} as {column}")
    con.execute(
        f"create or replace table {table} as select rows.* replace ({', '.join(replaced)}) from place as own "
        f"cross join range({TOGETHER}) as parts(part) "
        f"inner join place as other on other.place = (own.place + part * {DISTANCE}) % own.places "
        f"inner join {table} as rows on rows.submission_version_id = other.submission_version_id"
    )
    if table == "claim":
        con.execute(
            "create or replace table claim as select * from claim qualify row_number() over "
            f"(partition by submission_version_id order by claim_number) <= {CLAIMS_A_REPORT}"
        )


def _key_of_part(value: str) -> str:
    """Keys begin with their version's; a part but the first adds its number."""
    of_own = f"replace({value}, other.submission_version_id, own.submission_version_id)"
    return f"{of_own} || case part when 0 then '' else '+' || part end"
