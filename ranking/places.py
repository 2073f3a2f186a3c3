"""Places among many: ranks in every draw, the interval that most draws lie in, and who cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
from numpy.typing import NDArray

from ranking.chance import Integers

# After so many draws, pairs that can no longer differ are left out. Multiples of 64: their bits fill whole words.
FIRST_DRAWS = (192, 512)


@dataclass(frozen=True)
class Standing:
    """Where the units of a group stand over all draws, one entry a unit; from how many others each does not differ, and
    from which, in ascending order, where that was asked for.
    """

    rank_low: Integers
    rank_high: Integers
    indistinct: Integers
    others: list[list[int]] | None


def standing(scores: Integers, low: Decimal, high: Decimal, *, named: bool) -> Standing:
    """The ranks between which the units (rows) lie over the draws (columns), leaving out the share below `low` and the
    share above `high`; and from how many others each does not differ, `named`: from which.

    The method is that of the OECD/JRC Handbook on Constructing Composite Indicators (2008), step 7.
    """
    ends = ends_of(np.sort(competition_ranks(scores), axis=1), low, high)
    counts = np.zeros(len(scores), dtype=np.int64)
    names: list[list[int]] = [[] for _ in scores]
    for unit, others in indistinct(scores, high):
        counts[unit] += len(others)
        counts[others] += 1
        for other in others.tolist() if named else ():
            names[unit].append(other)
            names[other].append(unit)
    return Standing(*ends, counts, [sorted(found) for found in names] if named else None)


def ends_of(ordered: Integers, low: Decimal, high: Decimal) -> tuple[Integers, Integers]:
    """Of each row's values in ascending order, the first and the last that the interval from `low` to `high` holds."""
    draws = ordered.shape[1]
    first = int((low * draws).to_integral_value(ROUND_FLOOR))
    last = int((high * draws).to_integral_value(ROUND_CEILING)) - 1
    return ordered[:, first], ordered[:, last]


def competition_ranks(scores: Integers) -> Integers:
    """One more than the number of better scores in the same draw (1-1-3), for every unit (row) and draw (column)."""
    ranks = np.empty_like(scores)
    for draw in range(scores.shape[1]):
        best_first = np.argsort(-scores[:, draw])
        ordered = scores[best_first, draw]
        begins = np.flatnonzero(np.diff(ordered, prepend=ordered[0] + 1))
        ranks[best_first, draw] = np.repeat(begins + 1, np.diff(begins, append=len(ordered)))
    return ranks


def indistinct(scores: Integers, certain: Decimal) -> Iterator[tuple[int, Integers]]:
    """Who does not differ from whom: a unit (row) with others, so that each pair comes once.

    Two units differ when one of them is ahead in at least the share `certain` of the draws; a draw in which they tie
    counts for neither.
    """
    draws = scores.shape[1]
    most_missed = draws - int((certain * draws).to_integral_value(ROUND_CEILING))
    order = np.argsort(scores.min(axis=1), kind="stable")
    ordered = scores[order]
    # Most pairs need no look at all draws: one is always ahead, or a few draws show that neither can be any more.
    ends = np.searchsorted(ordered.min(axis=1), ordered.max(axis=1), side="right")
    parts = np.split(ordered, [part for part in FIRST_DRAWS if part < draws], axis=1)
    stretches = [np.ascontiguousarray(part) for part in parts]
    for at, end in enumerate(ends.tolist()):
        differing = _differing(stretches, at, end, most_missed)
        yield int(order[at]), order[np.setdiff1d(np.arange(at + 1, end), differing, assume_unique=True)]


def _differing(stretches: list[Integers], unit: int, end: int, most_missed: int) -> Integers:
    """Of the units after this one, up to `end`, those that are behind it, or ahead of it, in all but so many draws."""
    others = np.arange(unit + 1, end)
    among: slice | Integers = slice(unit + 1, end)
    seen, behind, ahead = 0, np.zeros(len(others), np.int64), np.zeros(len(others), np.int64)
    for scores in stretches:
        own, theirs = scores[unit], scores[among]
        seen += len(own)
        behind += _count(theirs < own)
        # Who was behind in more draws than may be missed is not ahead in enough, and need not be looked at for that.
        rarely = np.flatnonzero(behind <= most_missed)
        ahead[rarely] += _count(theirs[rarely] > own)
        left = seen - np.maximum(behind, ahead) <= most_missed
        among = others = others[left]
        behind, ahead = behind[left], ahead[left]
    return others


def _count(wins: NDArray[np.bool_]) -> Integers:
    """How many in each row; as bits it takes a fraction of the time of adding them up, in whole words least."""
    bits = np.packbits(wins, axis=1)
    words = bits.view(np.uint64) if bits.shape[1] % 8 == 0 else bits
    counted: Integers = np.bitwise_count(words).sum(axis=1, dtype=np.int64)
    return counted
