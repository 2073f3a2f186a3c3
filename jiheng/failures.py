"""A run that failed without being held, put together from what its steps left on record: one record for a whole run."""

from __future__ import annotations

from collections import Counter

from jiheng import runs
from jiheng.runs import RunStep
from jiheng.settings import Settings

# A step that began and never ended: its worker was lost.
LOST = "lost"


def record(settings: Settings, dag_id: str, run_id: str, link: str | None = None) -> bool:
    """Put the failure of a run on record; gives whether it is one. A hold is none: it is told by the gate itself."""
    mine = _last_tries([one for one in runs.steps(settings) if one.run_id == run_id])
    if any(one.outcome == "held" for one in mine):
        return False
    broken = [one for one in mine if one.outcome in ("failed", "begun")]
    failed = [one for one in broken if one.outcome == "failed"]
    first = min(failed, key=lambda one: (one.ended_at or one.began_at, one.step), default=None)
    counts = Counter(one.step for one in broken)
    facts = {
        "dag_id": dag_id,
        "steps": [f"{step} ×{count}" if count > 1 else step for step, count in counts.items()],
        "count": len(broken),
        "error": first.error if first else None,
        "code": first.code if first else LOST,
        "link": link,
    }
    runs.note_failure(settings, run_id, facts)
    return True


def _last_tries(mine: list[RunStep]) -> list[RunStep]:
    """Without tries of a step that a later one has made good: a mapped step counts each of its parts."""
    good = {one.step: one.began_at for one in mine if one.outcome == "end" and not one.counts.get("batch")}
    return [one for one in mine if one.outcome in ("end", "held") or one.began_at > good.get(one.step, one.began_at)
            or one.step not in good]
