"""E05: a total score lies between 0 and the full marks, which are 100 unless the report says more."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.scoring import in_points, says


def check(case: Case) -> Iterator[Result]:
    """Fails once for each total outside; does not apply where bonus points may lift a total above the full marks."""
    lifted = says("lifts", case.text) or any(says("lifts", claim.sentence) for claim in case.claims)
    stated = [c.value for c in case.of_kind("score", "full") if c.value is not None]
    most = max([case.parameters["score.full"], *stated])
    totals = [c for role in ("self", "reviewed") for c in case.of_kind("score", role) if c.value is not None]
    outside = [c for c in totals if c.value is not None and not 0 <= c.value <= most]
    failures = (Result("fail", (c,), expected=f"0—{in_points(most)}", found=in_points(c.value)) for c in outside)
    yield from judged(() if lifted else failures, totals and not lifted)
