"""Chance that is fixed by words: the same words give the same numbers on every machine, in every version of a library.

A stream of numbers is the output of SHAKE-128 (FIPS 202) over its words. Every unit has a stream of its own, so that a
report that comes in or drops out changes the numbers of nobody else, and the order of rows plays no part.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.signedinteger[Any]]
BITS = 32


def even(count: int, *words: object) -> Integers:
    """`count` whole numbers from 0 to 2^32 - 1, evenly spread, that belong to the words."""
    stream = hashlib.shake_128("|".join(map(str, words)).encode()).digest(count * BITS // 8)
    return np.frombuffer(stream, dtype="<u4").astype(np.int64)


def between(low: Integers | int, high: Integers | int, chance: Integers) -> Any:
    """Whole numbers from `low` up to `high`, as far along as the chance (see `even`) says; rounded down.

    `high - low` must be below 2^31, so that nothing overflows.
    """
    return low + (((high - low) * chance) >> BITS)


def choice(weights: Integers, chance: Integers) -> Integers:
    """Which of several, with the odds of their weights, for each chance: positions from 0."""
    limits = np.cumsum(weights)
    position: Integers = np.searchsorted(limits, between(0, int(limits[-1]), chance), side="right").astype(np.int64)
    return position
