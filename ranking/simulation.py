"""What ranks would be if the method and the facts were a little different: scores in many draws.

In each draw of a method (OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 7: uncertainty analysis)

- every weight moves up or down by at most the method's jitter,
- one of the policies about targets holds for all reports,
- every part of a report lies anywhere between its bounds: what is verified stays as it is, an unverified fact counts
  for nothing up to all that it states, and what cannot be assessed for nothing up to everything,
- a missing report counts for nothing up to the middle score of its league.

Scores are whole millionths of a point. All units share the weights and the policy of a draw, so two units, or two
years of one unit, are compared under the same circumstances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ranking.chance import Integers, between, choice, even

MILLION = 1_000_000


@dataclass(frozen=True)
class Method:
    """What the draws of a ranking method need: weights in points by part, odds by policy, both in a fixed order."""

    method_id: str
    seed: str
    draws: int
    weight_jitter: Decimal
    interval_low: Decimal
    interval_high: Decimal
    weights: Mapping[str, Decimal]
    policies: Mapping[str, int]


@dataclass(frozen=True)
class Circumstances:
    """What is the same for everybody in a draw: `weights` by draw and part, in millionths; the policy's position."""

    weights: Integers
    policy: Integers


def circumstances(method: Method) -> Circumstances:
    """The weights and the policy of every draw of a method."""
    jitter = int(method.weight_jitter * MILLION)
    weights = [
        int(weight * MILLION)
        * (MILLION + between(-jitter, jitter, even(method.draws, method.seed, "weight", part)))
        // MILLION
        for part, weight in method.weights.items()
    ]
    policy = choice(np.array(list(method.policies.values())), even(method.draws, method.seed, "policy"))
    return Circumstances(np.stack(weights, axis=1), policy)


def report_scores(method: Method, drawn: Circumstances, name: str, low: Integers, high: Integers) -> Integers:
    """A report's score in every draw. `low` and `high` are the bounds of its parts (columns) under each policy (rows),
    in millionths; `name` names its stream of chance.
    """
    shares = np.empty((method.draws, len(method.weights)), dtype=np.int64)
    for position, part in enumerate(method.weights):
        lowest, highest = low[:, position], high[:, position]
        if (lowest == highest).all():
            shares[:, position] = lowest[drawn.policy]
        else:
            chance = even(method.draws, method.seed, "report", name, part)
            shares[:, position] = between(lowest[drawn.policy], highest[drawn.policy], chance)
    return _small((drawn.weights * shares).sum(axis=1) * 100 // drawn.weights.sum(axis=1))


def missing_scores(method: Method, name: str, middle: int) -> Integers:
    """What a report that never came, or has no score, might have scored in every draw: up to its league's middle."""
    return _small(between(0, middle, even(method.draws, method.seed, "missing", name)))


def mean_scores(members: Sequence[Integers]) -> Integers:
    """A division's score in every draw: the mean of its members', rounded down to a millionth."""
    return _small(np.stack(members).sum(axis=0, dtype=np.int64) // len(members))


def _small(scores: Integers) -> Integers:
    """Scores in half the memory: a hundred million fits into 32 bits."""
    return scores.astype(np.int32)
