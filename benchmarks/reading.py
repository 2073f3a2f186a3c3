"""How fast documents are read and checked, by format, and how well: `make bench`.

Reads every report of a generated province in one process, so that the figures are those of one core, and prints JSON.
"""

from __future__ import annotations

import json
import resource
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from ingest import registers
from ingest.inbox import Arrival
from ingest.reader import ReaderData, read_and_check
from jiheng.files import sha256_of_file
from jiheng.settings import PROJECT_ROOT, Settings
from samples.generator import generate

DIVISIONS, DEPARTMENTS, SEED = 40, 20, 11


def main() -> None:
    """Generate a province, read it, and print milliseconds a report by format."""
    with tempfile.TemporaryDirectory() as folder:
        province = Path(folder)
        began = time.perf_counter()
        generate(province, DIVISIONS, DEPARTMENTS, 1, Decimal("0.3"), SEED)
        generated = time.perf_counter() - began
        spent = _read(province)
    reports = sum(len(times) for times in spent.values())
    print(
        json.dumps(
            {
                "reports": reports,
                "generate_ms_a_report": round(generated * 1000 / reports, 2),
                "read_and_check_ms_a_report": {
                    suffix: round(sum(times) * 1000 / len(times), 2) for suffix, times in sorted(spent.items())
                },
                "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


def _read(province: Path) -> dict[str, list[float]]:
    places = [PROJECT_ROOT / "registers", province / "registers"]
    divisions = registers.division_rows(places)
    directory = registers.directory_of(divisions, registers.due_rows(places, divisions))
    provinces = {row["division_key"]: row["province_key"] for row in divisions}
    data = ReaderData(directory, provinces, Settings(province).reference)
    spent: dict[str, list[float]] = defaultdict(list)
    for path in sorted(path for path in (province / "inbox").rglob("*") if path.is_file()):
        arrival = Arrival(path.name, path.name, sha256_of_file(path), path.stat().st_size, datetime.now(UTC))
        began = time.perf_counter()
        if read_and_check(path, arrival, data).reason_code is None:
            spent[path.suffix].append(time.perf_counter() - began)
    return spent


if __name__ == "__main__":
    main()
