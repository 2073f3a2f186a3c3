"""E21: the reviewed score lies near the self score."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.checking.case import Case, Result, judged, plain
from ingest.checking.scoring import in_points


def check(case: Case) -> Iterator[Result]:
    """Fails when the last reviewed total differs from the last self score by more points than the parameter."""
    most = case.parameters["review.gap_most"]
    own, reviewed = ([c for c in case.of_kind("score", role) if c.value is not None] for role in ("self", "reviewed"))
    pairs = [(own[-1], reviewed[-1])] if own and reviewed else []
    yield from judged(
        (
            Result(
                "fail", pair, f"相差不超过{plain(most)}分", f"{in_points(pair[0].value)}、{in_points(pair[1].value)}"
            )
            for pair in pairs
            if abs((pair[0].value or Decimal(0)) - (pair[1].value or Decimal(0))) > most
        ),
        applies=pairs,
    )
