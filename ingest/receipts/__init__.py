"""Receipts (回执): what the sender gets back for each file: what became of it, what is wrong, where, how to mend it.

`receipt.py` says it, the other modules write it as a page, a workbook and JSON, in a folder named after the file.
"""

from __future__ import annotations

from pathlib import Path

from ingest.receipts import page, sheet
from ingest.receipts.receipt import Receipt
from jiheng.files import write_bytes, write_json, write_text

# The folder of a file's receipts bears its name with this behind it; the inbox is not searched there.
FOLDER_ENDING = ".回执"
# What a folder's name may have in bytes on common file systems, its ending left out.
LONGEST_NAME = 240


def folder_of(target: Path, source_name: str, parcel: str | None = None) -> Path:
    """Where the receipts of a file lie: beside each other for all its versions.

    Those of a package's members lie in the folder of the package's own, `parcel` being its name: the name itself may be
    a file's where receipts are kept beside the files.
    """
    if parcel:
        return folder_of(folder_of(target, parcel), source_name.removeprefix(f"{parcel}/"))
    folder = target / f"{source_name}{FOLDER_ENDING}"
    return folder if len(folder.name.encode()) <= LONGEST_NAME else folder.with_name(FOLDER_ENDING)


def write_receipt(target: Path, receipt: Receipt) -> Path:
    """Write the receipt as JSON, as a workbook and as a page, the page last; returns the page's path.

    One of a file that was read again lies beside the earlier one, which stays. Whoever notes that receipts are written
    makes them outlast a power cut first.
    """
    folder = folder_of(target, receipt["source_name"], receipt["parcel"])
    again = receipt["read_again"]
    name = f"{receipt['arrival_id']}-{again['name']}" if again else receipt["arrival_id"]
    write_json(folder / f"{name}.json", receipt, synced=False)
    write_bytes(folder / f"{name}.xlsx", sheet.workbook_of(receipt), synced=False)
    write_text(folder / f"{name}.html", page.page_of(receipt), synced=False)
    return folder / f"{name}.html"
