"""Writes a made-up province of any size: registers, an inbox of reports, and the truth about each file."""

from __future__ import annotations

import argparse
import csv
import io
import math
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

from jiheng.files import write_bytes, write_json, write_text
from samples.bad_files import make_bad_files
from samples.blocks import Block
from samples.model import Borrowed, Division, Filing, Province, Report
from samples.plan import FORM, Sizes, make_province
from samples.truth import truth_of_bad_file, truth_of_borrowed, truth_of_report
from samples.wording_data import province as province_data
from samples.write_docx import word_file
from samples.write_form import score_form
from samples.write_html import html_file
from samples.write_pdf import pdf_file
from samples.write_rtf import rtf_file
from samples.write_scan import scanned_page, scanned_pdf
from samples.write_text import compose, plain_text

DIVISION_COLUMNS = [
    *("division_key", "gb_code", "mof_div_code", "name", "aliases", "kind", "region_group", "league"),
    *("fiscal_parent_key", "map_parent_key", "province_key", "valid_from", "valid_to", "source"),
]
TILE_COLUMNS = ["division_key", "tile_row", "tile_column"]
DELIVERY_COLUMNS = ["source_name", "received_at"]
OFFICER_COLUMNS = ["name", "account", "acts", "valid_from", "valid_to"]
CHANGE_COLUMNS = [
    *("division_key", "old_name", "new_division_key", "new_name", "changed_on", "kind", "is_principal", "source"),
]
DUE_COLUMNS = ["division_key", "department_name", "functions", "fiscal_year", "due_on", "source"]
# Writes the blocks of a report as a file of a format; plain text, which has habits of its own, is not among them.
WRITERS: dict[str, Callable[[list[Block]], bytes]] = {
    "docx": word_file,
    "pdf": pdf_file,
    "html": html_file,
    "rtf": rtf_file,
    "pdf-scan": scanned_pdf,
    "jpg": scanned_page,
}


def generate(
    target: Path, divisions: int, departments: int, years: int, errors: Decimal, seed: int, mix: str = "sample"
) -> None:
    """Write a province into `target`: `registers/` (with the times of delivery), `inbox/` and `truth.json`.

    `divisions` are ranked divisions, `departments` those of each, `years` fiscal years up to the latest, `errors` the
    share of reports (0 to 1) that carry one planted error; `mix` names the rest in `wording/mixes.yaml`. The same
    arguments give the same bytes in every file. Raises ValueError for sizes below one, a share outside 0 to 1, or a mix
    that is not there.
    """
    if min(divisions, departments, years) < 1 or not 0 <= errors <= 1:
        raise ValueError("divisions, departments and years start at 1; errors is a share from 0 to 1")
    sizes = Sizes(divisions, departments, years, errors, seed, mix)
    made = make_province(sizes)
    write_text(target / "registers/divisions.csv", _divisions_csv(made))
    write_text(target / "registers/tiles.csv", _tiles_csv(made))
    write_text(target / "registers/due_submissions.csv", _due_csv(made))
    write_text(target / "registers/deliveries.csv", _deliveries_csv(made))
    write_text(target / "registers/officers.csv", _csv_text(OFFICER_COLUMNS, province_data()["officers"]))
    if made.changes:
        write_text(target / "registers/department_changes.csv", _changes_csv(made))
    truth = _write_inbox(target / "inbox", made, seed)
    write_json(target / "truth.json", {"arguments": asdict(sizes), "files": truth})


def file_content(filing: Filing, seed: int) -> bytes:
    """The bytes of one report in its format."""
    if isinstance(filing, Borrowed):
        return _borrowed_content(filing)
    assert isinstance(filing, Report)
    if filing.format == FORM:
        return score_form(filing)
    blocks = compose(filing, seed)
    writer = WRITERS.get(filing.format)
    return writer(blocks) if writer else plain_text(filing, blocks, seed)


def _borrowed_content(filing: Borrowed) -> bytes:
    writer = WRITERS.get(filing.format)
    if writer:
        return writer([Block("text", line) for line in filing.lines if line.strip()])
    return "\n".join([*filing.lines, ""]).encode("gb18030" if filing.format == "txt-gb18030" else "utf-8")


def _write_inbox(inbox: Path, made: Province, seed: int) -> dict[str, object]:
    latest = {(row.owed_by.key, row.fiscal_year): row.version for row in made.filings}
    truth: dict[str, object] = {}
    inbox.mkdir(parents=True, exist_ok=True)
    for filing in made.filings:
        (inbox / filing.file_name).write_bytes(file_content(filing, seed))
        is_current = latest[(filing.owed_by.key, filing.fiscal_year)] == filing.version
        truth[filing.file_name] = _truth_of(filing, is_current)
    for bad in make_bad_files(made, seed, file_content):
        write_bytes(inbox / bad.file_name, bad.content)
        truth[bad.file_name] = truth_of_bad_file(bad)
    return truth


def _truth_of(filing: Filing, is_current: bool) -> dict[str, object]:
    if isinstance(filing, Borrowed):
        return truth_of_borrowed(filing, is_current)
    assert isinstance(filing, Report)
    return truth_of_report(filing, is_current)


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


def _changes_csv(made: Province) -> str:
    source = province_data()["source"]
    rows = []
    for change in made.changes:
        old, new = change.before, change.after
        into = new.division.key if new and new.division != old.division else ""
        names = [old.division.key, old.name, into, new.name if new else ""]
        rows.append([*names, change.changed_on.isoformat(), change.kind, "是" if change.is_principal else "", source])
    return _csv_text(CHANGE_COLUMNS, rows)


def _deliveries_csv(made: Province) -> str:
    """When each report was handed in: on the day it was filled in, as the log of a submission portal would say."""
    time = province_data()["handed_in_at"]
    rows = sorted([report.file_name, f"{report.filled_on.isoformat()}T{time}"] for report in made.filings)
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
    parser.add_argument("--mix", default="sample")
    given = parser.parse_args()
    generate(**vars(given))


if __name__ == "__main__":
    main()
