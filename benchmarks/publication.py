"""What the products of an edition cost: `python -m benchmarks.publication --keep FOLDER`.

FOLDER holds an edition's `warehouse.duckdb` of a whole province (`python -m benchmarks.warehouse --keep`) and, where it
has them, `about.json`, `diff.json` and `corrections.json`. Each product is one function, measured in a process of its
own, several times; the median is told. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from benchmarks.warehouse import _alone

TIMES = 3


def workbook(edition: Path) -> dict[str, Any]:
    """`rankings.xlsx`."""
    from publish import workbook as product

    product.write(edition)
    return _sizes(edition, product.WORKBOOK_NAME)


def bulletin(edition: Path) -> dict[str, Any]:
    """`bulletin.pdf` and `bulletin.docx`."""
    from publish import bulletin as product

    product.write(edition)
    return _sizes(edition, product.PDF_NAME, product.DOCX_NAME)


def _sizes(edition: Path, *names: str) -> dict[str, Any]:
    return {"kib": {name: (edition / name).stat().st_size // 1024 for name in names}}


# Another product joins as a function of the edition's folder.
PRODUCTS: dict[str, Callable[[Path], dict[str, Any]]] = {"bulletin": bulletin, "workbook": workbook}


def main() -> None:
    """Print the seconds, the processor's seconds and the peak of memory of each product."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True, help="the edition's folder; the products stay there")
    parser.add_argument("--times", type=int, default=TIMES, help="how often each product is made")
    parser.add_argument("--only", choices=PRODUCTS, action="append", help="this product alone; may be repeated")
    given = parser.parse_args()
    wanted = given.only or list(PRODUCTS)
    measured = {name: _measured(PRODUCTS[name], given.keep, given.times) for name in wanted}
    print(json.dumps(_province(given.keep) | measured, indent=1))


def _measured(make: Callable[[Path], dict[str, Any]], edition: Path, times: int) -> dict[str, Any]:
    runs = [_alone(make, edition) for _ in range(times)]
    figures = ("seconds", "cpu_seconds", "peak_memory_mib")
    return runs[-1] | {name: median(run[name] for run in runs) for name in figures}


def _province(edition: Path) -> dict[str, int]:
    with duckdb.connect(str(edition / "warehouse.duckdb"), read_only=True) as con:
        row = con.execute(
            "SELECT (SELECT count(DISTINCT division_key) FROM rank_division), "
            "(SELECT count(DISTINCT department_key) FROM filing_overview), (SELECT count(*) FROM dim_submission)"
        ).fetchone()
    return dict(zip(("divisions", "departments", "reports"), row or (), strict=True))


if __name__ == "__main__":
    main()
