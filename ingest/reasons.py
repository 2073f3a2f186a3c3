"""Reason codes of quarantine, with a sentence for the sender in Chinese and one in English."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ingest.reading.grammar import read_table


@cache
def notes() -> dict[str, dict[str, str]]:
    """The rows of `notes.csv` by code: what a person should know of a file that was read all the same."""
    return {row["note_code"]: row for row in read_table(Path(__file__).with_name("notes.csv"))}


@cache
def reasons() -> dict[str, dict[str, str]]:
    """The rows of `reasons.csv` by code."""
    return {row["reason_code"]: row for row in read_table(Path(__file__).with_name("reasons.csv"))}
