"""What goes back to senders and operators of each batch that landed: receipts, and records of what was quarantined.

Both are made from the lake alone, batch by batch, and a batch is ticked off when all of them are written: a run that
was killed in between is made up for by the next. Those of a large batch are written by several processes.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from itertools import repeat
from pathlib import Path
from typing import Any

from ingest.apart import run_apart, telling_trouble
from ingest.checking.catalogue import parameters_for
from ingest.lake import Lake
from ingest.reading.grammar import read_table
from ingest.receipts import write_receipt
from ingest.receipts.receipt import Receipt, read_again, receipt_of_parcel, receipt_of_refusal, receipt_of_version
from jiheng.files import sync_filesystem, write_json, write_text
from jiheng.settings import Settings

# Tables whose rows a receipt speaks of.
OF_VERSION = ("claim", "statement", "finding")
# From so many files on, processes that write at once save more time than they take to start.
MANY = 400
AT_ONCE = 50
DONE = ".done"
# The stage that a replay notes of every file that it has read again, and what a file was that had no verdict before.
REREAD, REFUSED = "reread", "quarantined"
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def send_back(settings: Settings) -> int:
    """Write what is due of every batch that is not ticked off. Returns the number of receipts."""
    lake = Lake(settings.lake)
    due = _due(settings, lake)
    if sum(len(lake.of_batch(batch_id, "arrival")) for batch_id in due) < MANY:
        return send_back_here(settings)
    return int(run_apart(settings, "ingest.outbox", place=settings.receipts))


def send_back_here(settings: Settings, processes: int = 1) -> int:
    """Write what is due in so many processes, of which this is one where it is one alone. Returns the number."""
    lake, written = Lake(settings.lake), 0
    for batch_id in _due(settings, lake):
        rows = _rows_of(lake, batch_id)
        again = _read_again(rows)
        if again:
            written += _send_back_again(settings, lake, rows, again)
        else:
            written += _send_back_batch(settings, rows, processes)
        settings.receipts.mkdir(parents=True, exist_ok=True)
        sync_filesystem(settings.receipts)
        write_text(settings.receipts / DONE / batch_id, "")
    return written


def _due(settings: Settings, lake: Lake) -> list[str]:
    """The batches that are not ticked off."""
    done = settings.receipts / DONE
    known = {path.name for path in done.iterdir()} if done.is_dir() else set()
    return sorted({*lake.batch_ids_of("arrival"), *lake.batch_ids_of("submission_version")} - known)


def _rows_of(lake: Lake, batch_id: str) -> Rows:
    """The rows of a batch that receipts speak of: of findings those that failed, and of claims those they name."""
    failed = lake.of_batch(batch_id, "finding", ("outcome", ["fail"]))
    named = {key for row in failed for key in (*row["claim_ids"], *(row.get("statement_ids") or ()))}
    return {
        "arrival": lake.of_batch(batch_id, "arrival"),
        "submission_version": lake.of_batch(batch_id, "submission_version"),
        "stage_outcome": lake.of_batch(batch_id, "stage_outcome", ("stage", [REREAD])),
        "finding": failed,
        "claim": lake.of_batch(batch_id, "claim", ("claim_id", named)),
        "statement": lake.of_batch(batch_id, "statement", ("statement_id", named)),
    }


def _send_back_batch(settings: Settings, rows: Rows, processes: int) -> int:
    versions = _receipts_of_versions(settings, rows)
    due: list[Receipt] = []
    for arrival in rows["arrival"]:
        receipt = versions.get(arrival["arrival_id"]) or _refusal(settings, arrival)
        if receipt:
            # A batch from before packages were taken apart has no such column.
            due.append(receipt | {"parcel": arrival.get("parcel")})
    _write_receipts(settings.receipts, due, processes)
    return len(due) + _send_back_parcels(settings, rows["arrival"], due)


def _write_receipts(target: Path, due: Sequence[Receipt], processes: int) -> None:
    if processes == 1:
        for receipt in due:
            write_receipt(target, receipt)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        for _ in pool.map(write_receipt, repeat(target), due, chunksize=AT_ONCE):
            pass


def _receipts_of_versions(settings: Settings, rows: Rows, read_on: datetime | None = None) -> dict[str, Receipt]:
    """Receipts of the versions of a batch by their arrivals; `read_on` is when they were read again."""
    by_version = {table: grouped(rows[table]) for table in OF_VERSION}
    found = {}
    for version in rows["submission_version"]:
        key = version["submission_version_id"]
        own = {table: rows_of.get(key, []) for table, rows_of in by_version.items()}
        days = _days_to_mend(settings, version)
        found[version["arrival_id"]] = receipt_of_version(version, own, settings.reference, days, read_on)
    return found


def _refusal(settings: Settings, arrival: Mapping[str, Any]) -> Receipt | None:
    if not arrival["reason_code"]:
        return None
    write_json(settings.quarantine / f"{arrival['arrival_id']}.json", arrival)
    return receipt_of_refusal(arrival)


def _read_again(rows: Rows) -> dict[str, dict[str, Any]]:
    """What a batch notes of files that were read again, by their arrivals; empty for a batch of an intake."""
    return {row["arrival_id"]: json.loads(row["counts"]) for row in rows["stage_outcome"]}


def _send_back_again(settings: Settings, lake: Lake, rows: Rows, again: Mapping[str, Mapping[str, Any]]) -> int:
    """Receipts of files that were read again, where something else became of them: beside the earlier receipt."""
    known = lake.read("arrival", ["arrival_id", "parcel"], among=("arrival_id", list(again)))
    parcels = {row["arrival_id"]: row.get("parcel") for row in known}
    read_on = next(row["recorded_at"] for row in rows["stage_outcome"])
    written = 0
    refusals = {row["arrival_id"]: row for row in rows["arrival"]}
    versions = _receipts_of_versions(settings, rows, read_on)
    for arrival_id, told in again.items():
        receipt = versions.get(arrival_id)
        if receipt is None and arrival_id in refusals:
            receipt = _refusal(settings, refusals[arrival_id])
        elif receipt and told["refused_for"]:
            (settings.quarantine / f"{arrival_id}.json").unlink(missing_ok=True)
        before = told["verdict_before"] or REFUSED
        if receipt and receipt["verdict"] != told["verdict_before"]:
            receipt |= {"parcel": parcels.get(arrival_id), "read_again": read_again(read_on, before)}
            write_receipt(settings.receipts, receipt)
            written += 1
    return written


def _send_back_parcels(settings: Settings, arrivals: Iterable[Mapping[str, Any]], written: Sequence[Receipt]) -> int:
    """Receipts of packages, each listing those of its members."""
    parcels = [arrival for arrival in arrivals if arrival["outcome"] == "unpacked"]
    for parcel in parcels:
        members = [receipt for receipt in written if receipt["parcel"] == parcel["source_name"]]
        write_receipt(settings.receipts, receipt_of_parcel(parcel, members))
    return len(parcels)


def _days_to_mend(settings: Settings, version: Mapping[str, Any]) -> int:
    """How many days a sender has to mend a returned report; places may set their own."""
    table = read_table(settings.reference / "rule_parameters.csv")
    return int(parameters_for(table, version["province_key"], version["fiscal_year"])["returned.days"])


def main() -> None:
    """Write what is due in as many processes as there are processors; a trouble with the disk is the exit code."""
    with telling_trouble():
        sys.stdout.write(str(send_back_here(Settings.from_environment(), os.cpu_count() or 1)))


def grouped(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Rows by the version that they are of."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["submission_version_id"], []).append(row)
    return found


if __name__ == "__main__":
    main()
