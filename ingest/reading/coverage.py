"""The account of digits: every digit of a report is claimed, known noise, or listed as unclaimed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Coverage:
    """How many digits a text has, and what became of them; `unclaimed` are their code points."""

    digits: int
    claimed: int
    noise: int
    unclaimed: tuple[int, ...]


def coverage_of(text: str, claimed: Iterable[tuple[int, int]], noise: Iterable[tuple[int, int]]) -> Coverage:
    """Account for each ASCII digit of `text`, given spans of claims and of noise (claims come first)."""
    digits = {offset for offset, character in enumerate(text) if "0" <= character <= "9"}
    in_claims = {offset for start, end in claimed for offset in range(start, end)} & digits
    in_noise = {offset for start, end in noise for offset in range(start, end)} & digits - in_claims
    rest = digits - in_claims - in_noise
    return Coverage(len(digits), len(in_claims), len(in_noise), tuple(sorted(rest)))
