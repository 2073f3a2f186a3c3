"""Five classes of scores for the maps, each about a fifth of the divisions: scores bunch, and equal steps would not."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from publish.data import Row

CLASSES = 5


def level(score: Decimal, scores: list[Decimal]) -> int:
    """The class of a score among all (1 lowest, 5 highest): each holds a fifth, and equal scores are in one class."""
    return CLASSES * sum(other < score for other in scores) // len(scores) + 1


def classes(scores: list[Decimal]) -> list[Row]:
    """Each class that has divisions, highest first, with its lowest and highest score and how many are in it."""
    within: defaultdict[int, list[Decimal]] = defaultdict(list)
    for score in scores:
        within[level(score, scores)].append(score)
    return [
        {"level": number, "low": min(found), "high": max(found), "count": len(found)}
        for number, found in sorted(within.items(), reverse=True)
    ]
