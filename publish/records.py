"""The log of publication: one line for each act (published, held, taken back, frozen, ...), appended and never changed.

Each line names the hash of the line before it, so that a line that is changed, left out or put elsewhere is noticed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jiheng.files import canonical_json, sha256_of_bytes

RECORD_NAME = "publications.jsonl"
# The key under which a line holds the hash of the one before.
AFTER = "after"
# The key under which it holds the hash of itself without this key, so that a change of the last line is noticed too.
SEAL = "seal"

Event = dict[str, Any]


def record(editions: Path, event: Mapping[str, Any], name: str = RECORD_NAME) -> Event:
    """Append one line to the log and wait until it is on disk; gives it as written. `at` (UTC) is added when absent.

    Whoever calls holds the lock of `editions`: two that append at once would both follow the same line.
    """
    editions.mkdir(parents=True, exist_ok=True)
    path = editions / name
    last = ""
    for line, _ in _lines(path):
        last = line
    at = datetime.now(UTC).isoformat(timespec="seconds")
    written = {"at": at, **event, AFTER: sha256_of_bytes(last.encode())}
    line = canonical_json(written | {SEAL: _seal(written)}) + "\n"
    with path.open("ab") as stream:
        if stream.tell() and path.read_bytes()[-1:] != b"\n":
            line = "\n" + line  # a crash cut the last line; keep ours apart from it
        stream.write(line.encode())
        stream.flush()
        os.fsync(stream.fileno())
    return json.loads(line)  # type: ignore[no-any-return]


def history(editions: Path, name: str = RECORD_NAME) -> list[Event]:
    """Every line of the log, oldest first. A line that a crash cut short is no record."""
    return [event for _, event in _lines(editions / name)]


def broken(editions: Path, name: str = RECORD_NAME) -> list[str]:
    """Where the log is not as it was written: one sentence for each line that does not follow the one before it."""
    found, last, chained, sealed = [], "", False, False
    for number, (line, event) in enumerate(_lines(editions / name), start=1):
        # Logs of older programs begin without hashes; from the first one on, every line must have one.
        chained = chained or AFTER in event
        if chained and event.get(AFTER) != sha256_of_bytes(last.encode()):
            found.append(f"{name}: record {number} ({event.get('at')}) does not follow the one before it")
        # The same holds for the hash of the line itself.
        sealed = sealed or SEAL in event
        if sealed and event.get(SEAL) != _seal(event):
            found.append(f"{name}: record {number} ({event.get('at')}) has been changed")
        last = line
    return found


def _seal(event: Mapping[str, Any]) -> str:
    return sha256_of_bytes(canonical_json({key: event[key] for key in event if key != SEAL}).encode())


def published_ids(editions: Path) -> list[str]:
    """Editions in the order of publication, without those that were taken back; the last one is current."""
    stack: list[str] = []
    for line in history(editions):
        if line.get("event") in ("publish", "restore"):
            stack.append(line["edition_id"])
        elif line.get("event") == "rollback":
            while stack and stack[-1] != line["edition_id"]:
                stack.pop()
    return stack


def taken_back(editions: Path) -> list[str]:
    """Editions that were published and do not stand any more, in the order of publication."""
    ever = dict.fromkeys(line["edition_id"] for line in history(editions) if line.get("event") == "publish")
    standing = set(published_ids(editions))
    return [edition_id for edition_id in ever if edition_id not in standing]


def _lines(path: Path) -> Iterator[tuple[str, Event]]:
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(event, dict):
            yield line, event
