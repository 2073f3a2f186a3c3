"""A run that failed without being held, put together from what its steps left on record: one record for a whole run."""

from __future__ import annotations

from collections import Counter

from jiheng.monitoring import runs
from jiheng.monitoring.runs import RunStep
from jiheng.settings import Settings

# A step that began and never ended: its worker was lost.
LOST = "lost"


def record(settings: Settings, dag_id: str, run_id: str, link: str | None = None) -> bool:
    """Put the failure of a run on record; gives whether it is one. A hold is none: it is told by the gate itself."""
    mine = [one for one in runs.steps(settings) if one.run_id == run_id]
    if any(one.outcome == "held" for one in mine):
        return False
    broken = _broken(mine)
    failed = [one for one in broken if one.outcome == "failed"]
    counts = Counter(one.step for one in broken)
    facts = {
        "dag_id": dag_id,
        "steps": [f"{step} ×{count}" if count > 1 else step for step, count in counts.items()],
        "count": len(broken),
        "error": failed[0].error if failed else None,
        "code": failed[0].code if failed else LOST if broken else None,
        "link": link,
    }
    runs.note_failure(settings, run_id, facts)
    return True


def _broken(mine: list[RunStep]) -> list[RunStep]:
    """The tries that did not end well, the first first. Steps follow one another: what failed before a later step began
    was made good by a retry.
    """
    last = {one.step for one in mine[-1:]}
    found = [one for one in mine if one.step in last and one.outcome in ("failed", "begun")]
    return sorted(found, key=lambda one: (one.ended_at or one.began_at, one.step))
