"""What the gate costs for a whole province-year: `python -m benchmarks.gate --reports 12000`.

Makes the lake (see `province_lake`), builds an edition, lets a night with some new reports follow and builds the next;
then the gate decides on that one, control totals and the scan for personal data included, and as many megabytes of
pages are scanned. Each step is measured in a process of its own; prints JSON.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.province_lake import ProvinceLake
from benchmarks.warehouse import NEW_REPORTS, VARIABLES, _alone
from ingest.lake import Lake
from jiheng import warehouse
from jiheng.files import write_json
from jiheng.settings import Settings
from publish.warehouse import export_warehouse, write_exports

BEFORE, TONIGHT = "2025-12-30-benchmark", "2025-12-31-benchmark"
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
PAGES_MB = 500


def main() -> None:
    """Print seconds, peak memory, and the gate's share of the build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=12_000)
    parser.add_argument("--pages", type=int, default=PAGES_MB, help="megabytes of pages to scan")
    parser.add_argument("--keep", type=Path, help="a folder for the lake and the editions; used again when it has them")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_measured(given.keep or Path(folder), given.reports, given.pages), indent=1))


def _measured(folder: Path, reports: int, megabytes: int) -> dict[str, Any]:
    home = folder / "home"
    before = home / "private" / BEFORE
    lake = ProvinceLake(folder / "seed" / "lake", Lake(home / "lake"))
    if not lake.lake.batches.exists():
        lake.make(folder, reports)
    if not (before / "manifest.json").exists():
        _alone(_edition, home, BEFORE, None)
    with lake.another_night(NEW_REPORTS):
        built = _alone(_edition, home, TONIGHT, before)
        gate = _alone(_judged, home)
    pages = _alone(_scanned, home / "private" / TONIGHT, folder / "pages", megabytes)
    ratio = round(gate["seconds"] / built["seconds"], 2)
    return {"reports": reports, "build": built, "gate": gate, "pages": pages, "gate_to_build": ratio}


def _edition(home: Path, name: str, previous: Path | None) -> dict[str, Any]:
    private = home / "private" / name
    variables = VARIABLES | {"edition_id": name, "previous_edition": str(previous or "")}
    built = warehouse.build(Settings(home), private / "build.duckdb", variables)
    export_warehouse(private / "build.duckdb", private)
    write_exports(private)
    failures = [{"node": one.node, "message": one.message} for one in built.failures]
    write_json(private / "build.json", {"failures": failures, "tests": built.tests, "damage": []})
    write_json(private / "manifest.json", {"as_of": VARIABLES["as_of"]})
    (private / "build.duckdb").unlink()
    return {"models": built.models, "tests": built.tests}


def _judged(home: Path) -> dict[str, Any]:
    from jiheng.gate import judge

    edition = {"edition_id": TONIGHT, "data_time": VARIABLES["as_of"], "lake_digest": "tonight"}
    private = home / "private"
    decision = judge(Settings(home), AS_OF, edition, private / TONIGHT, private / BEFORE)
    noted = {one.expectation.id: one.failed for one in decision.ordered if one.failed}
    return {"decision": decision.decision, "expectations": len(decision.results), "failed": noted}


def _scanned(edition: Path, pages: Path, megabytes: int) -> dict[str, Any]:
    """Files of the size of an edition's pages: its longest table as text, again and again."""
    from expectations.personal_data import scan_files

    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir(parents=True)
    with (edition / "csv" / "fct_claim.csv").open("rb") as stream:
        text = stream.read(8 << 20)
    for number in range(megabytes * 1_000_000 // len(text)):
        (pages / f"{number}.html").write_bytes(text)
    found = scan_files(pages)
    return {"megabytes": megabytes, "files": found[0].checked, "found": sum(one.failed for one in found)}


if __name__ == "__main__":
    main()
