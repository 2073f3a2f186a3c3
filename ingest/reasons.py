"""Reason codes of quarantine, with a sentence for the sender in Chinese and one in English."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ingest.reading.grammar import read_table
from jiheng.settings import PROJECT_ROOT

REASONS = PROJECT_ROOT / "dbt_project" / "seeds" / "arrival_reasons.csv"


@cache
def notes() -> dict[str, dict[str, str]]:
    """The rows of `notes.csv` by code: what a person should know of a file that was read all the same."""
    return {row["note_code"]: row for row in read_table(Path(__file__).with_name("notes.csv"))}


@cache
def reasons() -> dict[str, dict[str, str]]:
    """The rows of `arrival_reasons.csv` by code."""
    return {row["reason_code"]: row for row in read_table(REASONS)}


def kind_of(reason_code: str) -> str:
    """Whose a refusal is: `sender` (to mend it), `duplicate` (known already), `ours` (tried again by itself)."""
    return reasons()[reason_code]["kind"]


def is_about(reason_code: str | None, what: str) -> bool:
    """Whether a refusal is about the file's `content`, its `name`, or the `parcel` that it came in.

    The same bytes may well come again under another name, or in a parcel that was mended.
    """
    return reason_code is not None and reasons()[reason_code]["about"] == what
