"""The log of publication: one line for each act (published, held, taken back, frozen, ...), chained by hashes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jiheng import chain
from jiheng.chain import Event

__all__ = ["RECORD_NAME", "Event", "broken", "history", "published_ids", "record", "taken_back"]

RECORD_NAME = "publications.jsonl"


def record(editions: Path, event: Mapping[str, Any]) -> Event:
    """Append one line to the log; gives it as written. Whoever calls holds the lock of `editions`."""
    return chain.record(editions, event, RECORD_NAME)


def history(editions: Path) -> list[Event]:
    """Every line of the log, oldest first. A line that a crash cut short is no record."""
    return chain.history(editions, RECORD_NAME)


def broken(editions: Path) -> list[str]:
    """Where the log is not as it was written: one sentence for each line that does not follow the one before it."""
    return chain.broken(editions, RECORD_NAME)


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
