"""Places among many: ranks in every draw, the interval that most draws lie in, and who cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
from numpy.typing import NDArray

from ranking.chance import Integers


@dataclass(frozen=True)
class Standing:
    """Where the units of a group stand over all draws; one entry a unit."""

    rank_low: Integers
    rank_high: Integers
    indistinct: list[list[int]]


def standing(scores: Integers, low: Decimal, high: Decimal) -> Standing:
    """The ranks between which the units (rows) lie over the draws (columns), leaving out the share below `low` and the
    share above `high`; and for each unit the positions of those from which it does not differ.

    The method is that of the OECD/JRC Handbook on Constructing Composite Indicators (2008), step 7.
    """
    ends = ends_of(np.sort(competition_ranks(scores), axis=1), low, high)
    return Standing(*ends, indistinct(scores, high))


def ends_of(ordered: Integers, low: Decimal, high: Decimal) -> tuple[Integers, Integers]:
    """Of each row's values in ascending order, the first and the last that the interval from `low` to `high` holds."""
    draws = ordered.shape[1]
    first = int((low * draws).to_integral_value(ROUND_FLOOR))
    last = int((high * draws).to_integral_value(ROUND_CEILING)) - 1
    return ordered[:, first], ordered[:, last]


def competition_ranks(scores: Integers) -> Integers:
    """One more than the number of better scores in the same draw (1-1-3), for every unit (row) and draw (column)."""
    count = scores.shape[0]
    ordered = np.sort(scores, axis=0)
    ranks = np.empty_like(scores)
    for draw in range(scores.shape[1]):
        ranks[:, draw] = count - np.searchsorted(ordered[:, draw], scores[:, draw], side="right") + 1
    return ranks


def indistinct(scores: Integers, certain: Decimal) -> list[list[int]]:
    """For each unit (row) the positions of the others from which it does not differ.

    Two units differ when one of them is ahead in at least the share `certain` of the draws; a draw in which they tie
    counts for neither.
    """
    count, draws = scores.shape
    needed = int((certain * draws).to_integral_value(ROUND_CEILING))
    lowest, highest = scores.min(axis=1), scores.max(axis=1)
    # Most pairs need no look at the draws: one is always ahead.
    differs: NDArray[np.bool_] = (lowest[:, None] > highest[None, :]) | (highest[:, None] < lowest[None, :])
    for unit in range(count):
        others = np.flatnonzero(~differs[unit])
        others = others[others > unit]
        ahead = (scores[unit] > scores[others]).sum(axis=1) >= needed
        behind = (scores[unit] < scores[others]).sum(axis=1) >= needed
        differs[unit, others] = differs[others, unit] = ahead | behind
    np.fill_diagonal(differs, True)
    return [np.flatnonzero(~row).tolist() for row in differs]
