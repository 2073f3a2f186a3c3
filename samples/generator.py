"""Writes a made-up province of any size: registers, an inbox of reports, and the truth about each file."""

from __future__ import annotations

import argparse
import csv
import io
import math
from decimal import Decimal
from pathlib import Path

from jiheng.files import write_bytes, write_json, write_text
from samples.bad_files import make_bad_files
from samples.model import Division, Province, Report
from samples.plan import make_province
from samples.truth import truth_of_bad_file, truth_of_report
from samples.wording_data import province as province_data
from samples.write_docx import word_file
from samples.write_form import score_form
from samples.write_pdf import pdf_file
from samples.write_text import compose, plain_text

DIVISION_COLUMNS = [
    *("division_key", "gb_code", "mof_div_code", "name", "aliases", "kind", "region_group", "league"),
    *("fiscal_parent_key", "map_parent_key", "province_key", "valid_from", "valid_to", "source"),
]
TILE_COLUMNS = ["division_key", "tile_row", "tile_column"]
DELIVERY_COLUMNS = ["source_name", "received_at"]
OFFICER_COLUMNS = ["name", "account", "acts", "valid_from", "valid_to"]
DUE_COLUMNS = ["division_key", "department_name", "functions", "fiscal_year", "due_on", "source"]


def generate(target: Path, divisions: int, departments: int, years: int, errors: Decimal, seed: int) -> None:
    """Write a province into `target`: `registers/` (with the times of delivery), `inbox/` and `truth.json`.

    `divisions` are ranked divisions, `departments` those of each, `years` fiscal years up to the latest, `errors` the
    share of reports (0 to 1) that carry one planted error. The same arguments give the same bytes in every file.
    Raises ValueError for sizes below one or a share outside 0 to 1.
    """
    if min(divisions, departments, years) < 1 or not 0 <= errors <= 1:
        raise ValueError("divisions, departments and years start at 1; errors is a share from 0 to 1")
    made = make_province(divisions, departments, years, errors, seed)
    write_text(target / "registers/divisions.csv", _divisions_csv(made))
    write_text(target / "registers/tiles.csv", _tiles_csv(made))
    write_text(target / "registers/due_submissions.csv", _due_csv(made))
    write_text(target / "registers/deliveries.csv", _deliveries_csv(made))
    write_text(target / "registers/officers.csv", _csv_text(OFFICER_COLUMNS, province_data()["officers"]))
    truth = _write_inbox(target / "inbox", made, seed)
    arguments = {"divisions": divisions, "departments": departments, "years": years, "errors": errors, "seed": seed}
    write_json(target / "truth.json", {"arguments": arguments, "files": truth})


def file_content(report: Report, seed: int) -> bytes:
    """The bytes of one report in its format."""
    if report.format == "xlsx":
        return score_form(report)
    blocks = compose(report, seed)
    if report.format == "docx":
        return word_file(blocks)
    if report.format == "pdf":
        return pdf_file(blocks)
    return plain_text(report, blocks, seed)


def _write_inbox(inbox: Path, made: Province, seed: int) -> dict[str, object]:
    latest = {(row.department.key, row.fiscal_year): row.version for row in made.reports}
    truth: dict[str, object] = {}
    inbox.mkdir(parents=True, exist_ok=True)
    for report in made.reports:
        (inbox / report.file_name).write_bytes(file_content(report, seed))
        is_current = latest[(report.department.key, report.fiscal_year)] == report.version
        truth[report.file_name] = truth_of_report(report, is_current)
    for bad in make_bad_files(made, seed, file_content):
        write_bytes(inbox / bad.file_name, bad.content)
        truth[bad.file_name] = truth_of_bad_file(bad)
    return truth


def _divisions_csv(made: Province) -> str:
    data = province_data()
    rows = [_division_row(row, data["province"]["key"]) for row in made.divisions]
    return _csv_text(DIVISION_COLUMNS, rows)


def _division_row(row: Division, province_key: str) -> list[str]:
    data = province_data()
    league = data["leagues"].get(row.kind, "")
    own = province_key if row.kind in {"province", "prefecture", "prefecture_without_counties"} else row.parent_key
    valid_from = str(data["valid_from"])
    places = [row.kind, row.region, league, row.parent_key, own, province_key]
    return [row.key, "", "", row.name, "", *places, valid_from, "", data["source"]]


def _tiles_csv(made: Province) -> str:
    """A made-up province has no shape: its regions lie side by side, about as high together as they are wide."""
    leagues = province_data()["leagues"]
    ranked = [row for row in made.divisions if row.kind in leagues]
    regions = sorted({row.region for row in ranked})
    high = max(math.isqrt(len(ranked)), 1)
    rows, left = [], 0
    for region in regions:
        within = [row.key for row in ranked if row.region == region]
        rows += [[key, str(place % high + 1), str(left + place // high + 1)] for place, key in enumerate(within)]
        left += -(-len(within) // high)
    return _csv_text(TILE_COLUMNS, rows)


def _due_csv(made: Province) -> str:
    source = province_data()["source"]
    rows = [
        [
            row.department.division.key,
            row.department.name,
            ";".join(row.department.functions),
            str(row.fiscal_year),
            row.due_on.isoformat(),
            source,
        ]
        for row in made.due
    ]
    return _csv_text(DUE_COLUMNS, rows)


def _deliveries_csv(made: Province) -> str:
    """When each report was handed in: on the day it was filled in, as the log of a submission portal would say."""
    time = province_data()["handed_in_at"]
    rows = sorted([report.file_name, f"{report.filled_on.isoformat()}T{time}"] for report in made.reports)
    return _csv_text(DELIVERY_COLUMNS, rows)


def _csv_text(head: list[str], rows: list[list[str]]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows([head, *rows])
    return target.getvalue()


def main() -> None:
    """Command line: python -m samples.generator --target DIR --divisions N --departments M --years Y ..."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, required=True)
    parser.add_argument("--divisions", type=int, default=12)
    parser.add_argument("--departments", type=int, default=4)
    parser.add_argument("--years", type=int, default=2)
    parser.add_argument("--errors", type=Decimal, default=Decimal("0.34"))
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    generate(given.target, given.divisions, given.departments, given.years, given.errors, given.seed)


if __name__ == "__main__":
    main()
