"""What the products of an edition cost: `python -m benchmarks.publication --keep FOLDER`.

FOLDER holds an edition's `warehouse.duckdb` of a whole province (`python -m benchmarks.warehouse --keep`) and, where it
has them, `about.json`, `diff.json` and `corrections.json`. Each product is one function, measured in a process of its
own, several times; the median is told. Prints JSON.

With `--next FOLDER`, the edition of the night after, the site is also made there from what the last edition says in the
same words; for that the last edition is completed with a manifest. Folders should be copies: they are written to.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from benchmarks.warehouse import _alone

TIMES = 3
SITE = "site"
SITE_FILES = ("site.zip", "site-en.zip", "site/index.html")
# What an edition that was only built says of itself, so that two of them may be compared.
FACTS = {
    **{"as_of": "2026-01-01T00:00:00+00:00", "code_version": "benchmark", "gate_decision": "pass"},
    **{"lake_digest": "", "coverage": {}},
}


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


def site(edition: Path) -> dict[str, Any]:
    """`site/` in both languages and the two zips, nothing copied from another edition."""
    from publish import site as product

    shutil.rmtree(edition / SITE, ignore_errors=True)
    return {"pages": product.render(edition)} | _sizes(edition, *SITE_FILES)


def next_site(edition: Path, before: Path) -> dict[str, Any]:
    """As `site`, for the night after `before`."""
    from publish import site as product

    shutil.rmtree(edition / SITE, ignore_errors=True)
    return {"pages": product.render(edition, before)} | _sizes(edition, *SITE_FILES)


def _completed(edition: Path) -> dict[str, Any]:
    """Give the edition a site and a manifest, so that the next one may copy from it."""
    from publish import editions
    from publish import site as product

    facts = json.loads((edition / editions.ABOUT_NAME).read_text(encoding="utf-8"))
    product.render(edition)
    editions.complete(edition, facts)
    return {}


def _sizes(edition: Path, *names: str) -> dict[str, Any]:
    return {"kib": {name: (edition / name).stat().st_size // 1024 for name in names}}


# Another product joins as a function of the edition's folder.
PRODUCTS: dict[str, Callable[[Path], dict[str, Any]]] = {"bulletin": bulletin, "workbook": workbook, "site": site}


def main() -> None:
    """Print each product's seconds, and the processor seconds and peak memory of its first process: the site is
    written by one more for each core.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True, help="the edition's folder; the products stay there")
    parser.add_argument("--times", type=int, default=TIMES, help="how often each product is made")
    parser.add_argument("--only", choices=PRODUCTS, action="append", help="this product alone; may be repeated")
    parser.add_argument("--next", type=Path, help="the edition of the night after, for the site that copies")
    given = parser.parse_args()
    for edition in filter(None, (given.keep, given.next)):
        _say(edition)
    measured = {name: _measured(PRODUCTS[name], given.keep, given.times) for name in given.only or list(PRODUCTS)}
    if given.next:
        _alone(_completed, given.keep)
        measured["next_site"] = _measured(partial(next_site, before=given.keep), given.next, given.times)
    print(json.dumps(_province(given.keep) | measured, indent=1))


def _say(edition: Path) -> None:
    about = edition / "about.json"
    if not about.exists():
        with duckdb.connect(str(edition / "warehouse.duckdb"), read_only=True) as con:
            methods = con.execute("SELECT DISTINCT method_id FROM rank_division ORDER BY method_id").fetchall()
        named = {"edition_id": f"benchmark-{edition.name}", "method_ids": [name for (name,) in methods]}
        about.write_text(json.dumps(named | FACTS), encoding="utf-8")


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
