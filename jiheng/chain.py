"""Logs whose lines are chained by hashes: one line for each event, appended and never changed.

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

# The key under which a line holds the hash of the one before.
AFTER = "after"
# The key under which it holds the hash of itself without this key, so that a change of the last line is noticed too.
SEAL = "seal"

Event = dict[str, Any]


def record(folder: Path, event: Mapping[str, Any], name: str) -> Event:
    """Append one line to the log and wait until it is on disk; gives it as written. `at` (UTC) is added when absent.

    Whoever calls holds the lock of `folder`: two that append at once would both follow the same line.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
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


def history(folder: Path, name: str) -> list[Event]:
    """Every line of the log, oldest first. A line that a crash cut short is no record."""
    return [event for _, event in _lines(folder / name)]


def broken(folder: Path, name: str) -> list[str]:
    """Where the log is not as it was written: one sentence for each line that does not follow the one before it."""
    found, last, chained, sealed = [], "", False, False
    for number, (line, event) in enumerate(_lines(folder / name), start=1):
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
