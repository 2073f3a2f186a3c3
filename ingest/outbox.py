"""What goes back to senders and operators of each batch that landed: receipts, and records of what was quarantined.

Both are made from the lake alone, batch by batch, and a batch is ticked off when all of them are written: a run that
was killed in between is made up for by the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ingest.checking.catalogue import parameters_for
from ingest.lake import Lake
from ingest.reading.grammar import read_table
from ingest.receipts import write_receipt
from ingest.receipts.receipt import Receipt, receipt_of_parcel, receipt_of_refusal, receipt_of_version
from jiheng.files import write_json, write_text
from jiheng.settings import Settings

# Tables whose rows a receipt speaks of.
OF_VERSION = ("claim", "statement", "finding")
DONE = ".done"
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def send_back(settings: Settings) -> int:
    """Write what is due of every batch that is not ticked off. Returns the number of receipts."""
    lake, done = Lake(settings.lake), settings.receipts / DONE
    known = {path.name for path in done.iterdir()} if done.is_dir() else set()
    written = 0
    for batch_id in lake.batch_ids_of("arrival"):
        if batch_id not in known:
            written += _send_back_batch(settings, lake.batch(batch_id))
            write_text(done / batch_id, "")
    return written


def _send_back_batch(settings: Settings, rows: Rows) -> int:
    by_version = {table: grouped(rows.get(table, ())) for table in OF_VERSION}
    versions = {row["arrival_id"]: row for row in rows.get("submission_version", ())}
    written: list[Receipt] = []
    for arrival in rows["arrival"]:
        version = versions.get(arrival["arrival_id"])
        if version is not None:
            key = version["submission_version_id"]
            own = {table: found.get(key, []) for table, found in by_version.items()}
            receipt = receipt_of_version(version, own, settings.reference, _days_to_mend(settings, version))
        elif arrival["reason_code"]:
            write_json(settings.quarantine / f"{arrival['arrival_id']}.json", arrival)
            receipt = receipt_of_refusal(arrival)
        else:
            continue
        # A batch from before packages were taken apart has no such column.
        written.append(receipt | {"parcel": arrival.get("parcel")})
        write_receipt(settings.receipts, written[-1])
    return len(written) + _send_back_parcels(settings, rows["arrival"], written)


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


def grouped(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Rows by the version that they are of."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["submission_version_id"], []).append(row)
    return found
