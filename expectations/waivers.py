"""Exceptions from the gate: an expectation that may fail for some rows until a day, asked for and approved by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from expectations.suites import Expectation


@dataclass(frozen=True)
class Waiver:
    """An exception that somebody asked for and somebody else approved. Without keys it covers every row."""

    waiver_id: str
    expectation_id: str
    who: str
    approved_by: str
    why: str
    valid_until: date
    keys: tuple[str, ...] = ()
    is_ended: bool = False

    def holds(self, on: date) -> bool:
        """Whether its last day is not over and nobody has ended it."""
        return not self.is_ended and on <= self.valid_until


@dataclass(frozen=True)
class Cover:
    """What waivers make of a failed expectation: those that cover all of it, or those that would have but are over."""

    used: tuple[Waiver, ...] = ()
    expired: tuple[Waiver, ...] = ()


def cover(expectation: Expectation, failed: int, keys: Collection[str], waivers: Iterable[Waiver], on: date) -> Cover:
    """Which waivers cover every failing row on the day. Rows that were only counted cannot be covered by keys."""
    if not expectation.waivable:
        return Cover()
    mine = sorted(
        (one for one in waivers if one.expectation_id == expectation.id),
        key=lambda one: (bool(one.keys), one.waiver_id),
    )
    holding = [one for one in mine if one.holds(on)]
    over = tuple(one for one in mine if not one.is_ended and not one.holds(on))
    for one in holding:
        if not one.keys:
            return Cover(used=(one,))
    used = _all_of(failed, set(keys), holding)
    return Cover(used=used) if used else Cover(expired=over)


def _all_of(failed: int, keys: set[str], waivers: Sequence[Waiver]) -> tuple[Waiver, ...]:
    """The waivers that name every key between them; none when a key is left over or was not listed."""
    used = tuple(one for one in waivers if keys & set(one.keys))
    named = {key for one in used for key in one.keys}
    return used if keys and keys <= named and failed <= len(keys) else ()
