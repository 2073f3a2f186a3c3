"""Broken data: the gate holds, the last edition stays as it was, and the command says so with exit code 3."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.lake import Lake
from jiheng.files import sha256_of_file, write_json
from tests.nights import SAMPLE, Home, Run

pytestmark = pytest.mark.night


def claim_batch(home: Home) -> Path:
    [batch] = [path.parent for path in (home.path / "lake" / "batches").glob("2*/claim.parquet")]
    return batch


def double_a_batch(home: Home) -> None:
    """The same rows landed twice, as a careless restore would do."""
    batch = claim_batch(home)
    shutil.copytree(batch, batch.with_name(batch.name + "-again"))


def cut_arrivals_off(home: Home) -> None:
    arrivals = claim_batch(home) / "arrival.parquet"
    arrivals.write_bytes(arrivals.read_bytes()[:100])


def lose_some_findings(home: Home) -> None:
    """A table that can be read, and is not the one that was landed."""
    path = claim_batch(home) / "finding.parquet"
    duckdb.sql(f"copy (from '{path}' limit 5) to '{path}.new' (format parquet)")
    Path(f"{path}.new").replace(path)


def let_a_telephone_slip_through(home: Home) -> None:
    """Personal data that the reader did not know: the gate looks again. The hashes are right, so only it can tell."""
    path = claim_batch(home) / "claim.parquet"
    changed = f"select * replace (sentence || ' 13912345678' as sentence) from '{path}'"
    duckdb.sql(f"copy ({changed}) to '{path}.new' (format parquet)")
    Path(f"{path}.new").replace(path)
    facts = json.loads((path.parent / "batch.json").read_text())
    facts["files"]["claim.parquet"] = sha256_of_file(path)
    write_json(path.parent / "batch.json", facts)


@pytest.mark.parametrize(
    ("harm", "told"),
    [(cut_arrivals_off, "arrival.parquet"), (double_a_batch, "-again (a copy of ")],
    ids=["cut off", "landed twice"],
)
def test_a_lake_that_is_not_as_recorded_holds_before_anything_is_taken_in(
    sample_night: tuple[Home, Run], tmp_path: Path, harm: Callable[[Home], None], told: str
) -> None:
    home = sample_night[0].copy_to(tmp_path / "home")
    harm(home)
    before, batches = home.current.name, sorted((home.path / "lake" / "batches").iterdir())
    run = home.night(SAMPLE / "inbox", SAMPLE / "registers")
    assert (run.exit_code, run.facts["standing"]) == (3, before), run.told
    assert told in run.facts["holding"][0]
    assert home.current.name == before and sorted((home.path / "lake" / "batches").iterdir()) == batches
    assert told in home.command("gate").stdout


def test_a_clock_behind_the_records_holds_before_anything_is_taken_in(
    sample_night: tuple[Home, Run], tmp_path: Path
) -> None:
    home = sample_night[0].copy_to(tmp_path / "home")
    before, ahead = home.current.name, datetime.now(UTC) + timedelta(days=2)
    Lake(home.path / "lake").land({"statement": [{"statement_id": "from a clock two days ahead"}]}, ahead)
    run = home.night(SAMPLE / "inbox", SAMPLE / "registers")
    assert (run.exit_code, run.facts["standing"]) == (3, before), run.told
    assert run.facts["holding"][0].startswith("C01 系统时钟")
    taken_in = home.command("intake", "--inbox", str(SAMPLE / "inbox"))
    assert taken_in.returncode == 3 and "error[E3001]" in taken_in.stderr and "C01" in taken_in.stderr
    confirmed = home.command("clock", "confirm", "--by", "王五", "--reason", "时钟曾快两天，现已校准")
    assert confirmed.returncode == 0 and home.command("clock").returncode == 0, confirmed.stderr


def test_broken_data_hold_the_edition(sample_night: tuple[Home, Run], tmp_path: Path) -> None:
    """One night for two faults: each is told with its own expectation."""
    home = sample_night[0].copy_to(tmp_path / "home")
    before, digest = home.current.name, sha256_of_file(home.current / "warehouse.duckdb")
    let_a_telephone_slip_through(home)
    lose_some_findings(home)
    run = home.night(SAMPLE / "inbox", SAMPLE / "registers")
    assert run.exit_code == 3, run.told
    assert run.facts["outcome"] == "held" and run.facts["standing"] == before
    gate = json.loads((Path(run.facts["held"]) / "gate.json").read_text(encoding="utf-8"))
    failed = {row["expectation_id"] for row in gate["results"] if row["decision"] == "hold"}
    assert gate["decision"] == "hold" and {"L01", "P01"} <= failed
    assert home.current.name == before and sha256_of_file(home.current / "warehouse.duckdb") == digest
    told = home.command("gate").stdout
    assert "L01" in told and "P01" in told
