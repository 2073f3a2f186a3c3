"""Places among many: ranks in every draw, the interval that most draws lie in, and who cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
from numpy.typing import NDArray

from ranking.chance import Integers

# After so many draws, pairs that can no longer differ are left out.
FIRST_DRAWS = (64, 160, 400)


@dataclass(frozen=True)
class Standing:
    """Where the units of a group stand over all draws; one entry a unit."""

    rank_low: Integers
    rank_high: Integers
    indistinct: NDArray[np.bool_]


def standing(scores: Integers, low: Decimal, high: Decimal) -> Standing:
    """The ranks between which the units (rows) lie over the draws (columns), leaving out the share below `low` and the
    share above `high`; and for each unit (row) from which others (columns) it does not differ.

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


def indistinct(scores: Integers, certain: Decimal) -> NDArray[np.bool_]:
    """For each unit (row) whether it does not differ from each other (column); from itself it says no.

    Two units differ when one of them is ahead in at least the share `certain` of the draws; a draw in which they tie
    counts for neither.
    """
    count, draws = scores.shape
    needed = int((certain * draws).to_integral_value(ROUND_CEILING))
    lowest, highest = scores.min(axis=1), scores.max(axis=1)
    by_draw = np.ascontiguousarray(scores.T)
    differs = np.zeros((count, count), dtype=np.bool_)
    for unit in range(count - 1):
        # Most pairs need no look at all draws: one is always ahead, or a few draws show that neither can be any more.
        always = (lowest[unit] > highest[unit + 1 :]) | (highest[unit] < lowest[unit + 1 :])
        differs[unit, unit + 1 :] = always
        others = unit + 1 + np.flatnonzero(~always)
        for seen in (*(part for part in FIRST_DRAWS if part < draws), draws):
            ahead, behind = _wins(by_draw[:seen], unit, others)
            # Who is to be ahead often enough may miss no more draws than these.
            most_missed = seen - np.maximum(ahead, behind) <= draws - needed
            others = others[most_missed]
        differs[unit, others] = True
    differs |= differs.T
    np.fill_diagonal(differs, val=True)
    return ~differs


def _wins(by_draw: Integers, unit: int, others: Integers) -> tuple[Integers, Integers]:
    """In how many of these draws (rows) the unit is ahead of each of the others, and behind."""
    own = by_draw[:, unit, None]
    theirs = by_draw[:, others] if len(others) < by_draw.shape[1] - unit - 1 else by_draw[:, unit + 1 :]
    return (own > theirs).sum(axis=0, dtype=np.int32), (own < theirs).sum(axis=0, dtype=np.int32)
